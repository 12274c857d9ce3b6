import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { DEV_EUI } from "../../application-server/support/fixtures.ts";
import { EventReader } from "./support/event-reader.ts";
import { AUTHORIZED, testApp } from "./support/test-app.ts";

const OTHER = parseEui64("ffffffffffffffff");
const readers: EventReader[] = [];

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

async function start() {
  const server = testApp();
  await server.app.listen({ host: "127.0.0.1", port: 0 });
  const address = server.app.server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const url = `http://127.0.0.1:${port}/api/v1/events`;
  const open = async (query = "", lastEventId?: string) => {
    const resume: Record<string, string> =
      lastEventId === undefined ? {} : { "last-event-id": lastEventId };
    const reader = await EventReader.open(`${url}${query}`, { ...AUTHORIZED, ...resume });
    readers.push(reader);
    return reader;
  };
  const show = (index: number, devEui = DEV_EUI) => {
    server.store.transaction(() => {
      server.store.addEvent({ type: "uplink", devEui, data: { index } });
    });
    server.bell.ring();
  };
  return { ...server, url, open, show };
}

function indexes(events: readonly { readonly data: Record<string, unknown> }[]): unknown[] {
  return events.map(({ data }) => data["index"]);
}

describe("the event stream", () => {
  test("shows what happens from now on, with growing ids, to every reader", async () => {
    const server = await start();
    server.show(0);
    const [first, second] = [await server.open(), await server.open()];
    server.show(1);
    server.show(2);
    const events = await first.take(2);
    assert.deepEqual(indexes(events), [1, 2]);
    assert.deepEqual(
      events.map(({ id, event }) => [id, event]),
      [
        ["2", "uplink"],
        ["3", "uplink"],
      ],
    );
    assert.deepEqual(indexes(await second.take(2)), [1, 2]);
    await server.app.close();
  });

  test("goes on after Last-Event-ID, as far as events are kept", async () => {
    const server = await start();
    for (let index = 1; index <= 250; index++) server.show(index);
    const reader = await server.open("", "3");
    const events = await reader.take(247);
    assert.equal(events[0]?.id, "4");
    assert.equal(events.at(-1)?.id, "250");
    server.show(251);
    assert.deepEqual(indexes(await reader.take(1)), [251]);
    const fromStart = await server.open("", "0");
    assert.equal((await fromStart.take(1))[0]?.id, "1");
    await server.app.close();
  });

  test("starts now after an id that was never given", async () => {
    const server = await start();
    server.show(1);
    const reader = await server.open("", "999");
    server.show(2);
    assert.deepEqual(indexes(await reader.take(1)), [2]);
    await server.app.close();
  });

  test("can be of one device alone, also when replayed", async () => {
    const server = await start();
    for (let index = 1; index <= 4; index++) server.show(index, index % 2 === 0 ? OTHER : DEV_EUI);
    const reader = await server.open(`?devEui=${OTHER.toUpperCase()}`, "0");
    server.show(5);
    server.show(6, OTHER);
    assert.deepEqual(indexes(await reader.take(3)), [2, 4, 6]);
    await server.app.close();
  });

  test("sends comments while nothing happens", async () => {
    const server = await start();
    const reader = await server.open();
    setTimeout(() => server.show(1), 70);
    await reader.take(1);
    assert.ok(reader.comments.filter((comment) => comment === ": still here").length >= 1);
    await server.app.close();
  });

  test("ends with the server, which does not wait for its readers", async () => {
    const server = await start();
    const reader = await server.open();
    server.show(1);
    await reader.take(1);
    const started = performance.now();
    await server.app.close();
    assert.ok(performance.now() - started < 1_000);
    assert.equal(await reader.next(), undefined);
  });

  test("costs nothing after its reader left", async () => {
    const server = await start();
    const reader = await server.open();
    reader.close();
    await new Promise((resolve) => setTimeout(resolve, 30));
    server.show(1);
    await server.app.close();
  });

  test("refuses a Last-Event-ID that is none, and more readers than 100", async () => {
    const server = await start();
    await assert.rejects(server.open("", "abc"), /HTTP 400/);
    await assert.rejects(server.open("?devEui=xyz"), /HTTP 400/);
    for (let index = 0; index < 100; index++) await server.open();
    await assert.rejects(server.open(), /HTTP 503/);
    await server.app.close();
  });

  test("does not fill the memory for a reader who does not read", async () => {
    const server = await start();
    const reader = await server.open();
    const big = "x".repeat(50_000);
    for (let index = 1; index <= 200; index++) {
      server.store.addEvent({ type: "uplink", devEui: DEV_EUI, data: { index, big } });
      if (index % 50 === 0) server.bell.ring();
    }
    const events = await reader.take(200);
    assert.equal(events.at(-1)?.data["index"], 200);
    await server.app.close();
  });
});
