import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { WebhookReceiver } from "../../events/support/webhook-receiver.ts";
import { EventReader } from "../../server/application-server/support/event-reader.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { randomKey } from "../../support/test-device.ts";
import { metric, RunningJoinServer } from "./support/running-join-server.ts";

const folder = temporaryFolder();
writeFileSync(join(folder, "secret"), "a secret of some length\n");
const receiver = await WebhookReceiver.start();
const server = await RunningJoinServer.start(
  "[[webhook]]",
  `url = "${receiver.url}"`,
  `secret_file = "${join(folder, "secret")}"`,
  'events = ["join-accepted", "join-refused"]',
);

async function stream(query = "", headers: Record<string, string> = {}): Promise<EventReader> {
  const url = `${server.adminUrl}/api/v1/events${query}`;
  const reader = await EventReader.open(url, { ...server.authorization, ...headers });
  after(() => reader.close());
  return reader;
}

test("a stream has what happens as it happens, with the reason and what to do", async () => {
  const device = await server.register();
  const reader = await stream();
  await server.join(device);
  const forged = { nwkKey: randomKey(), appKey: randomKey() };
  await server.join(device, device.joinRequestUnder(forged, 5));
  const [accepted, refused] = await reader.take(2);
  assert.equal(accepted?.event, "join-accepted");
  assert.equal(accepted?.data["devEui"], device.devEui);
  assert.equal(accepted?.data["joinNonce"], 1);
  assert.match(String(accepted?.data["at"]), /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.deepEqual([refused?.event, refused?.data["reason"]], ["join-refused", "mic-mismatch"]);
  assert.ok(String(refused?.data["remedy"]).length > 20);
  assert.ok(Number(refused?.id) > Number(accepted?.id));
});

test("a stream can be of one device and of some kinds, and go on where it was left", async () => {
  const [one, other] = [await server.register(), await server.register()];
  const ofOne = await stream(
    `?devEui=${one.devEui.toUpperCase()}&kinds=join-accepted,join-refused`,
  );
  await server.join(other);
  await server.join(one);
  const [first] = await ofOne.take(1);
  assert.equal(first?.data["devEui"], one.devEui);
  ofOne.close();
  await server.join(one);
  await server.join(other);
  const again = await stream(`?devEui=${one.devEui}`, { "last-event-id": first?.id ?? "" });
  const [next] = await again.take(1);
  assert.deepEqual([next?.data["devEui"], next?.data["devNonce"]], [one.devEui, 1]);
});

test("a stream wants a right, kinds that there are, and an id that was sent", async () => {
  const url = `${server.adminUrl}/api/v1/events`;
  assert.equal(await server.status(url), 401);
  assert.equal(await server.status(`${url}?kinds=joins`, server.authorization), 400);
  assert.equal(await server.status(`${url}?devEui=12`, server.authorization), 400);
  const headers = { ...server.authorization, "last-event-id": "x" };
  assert.equal(await server.status(url, headers), 400);
});

test("a webhook of the configuration gets the kinds it wants, and is counted", async () => {
  const device = await server.register();
  const before = receiver.requests.length;
  await server.join(device);
  await receiver.until(before + 1);
  const last = receiver.requests.at(-1);
  assert.ok(last?.kinds.includes("join-accepted") && last.body.includes(device.devEui));
  assert.ok(receiver.requests.every((request) => !request.kinds.includes("device-created")));
  const host = new URL(receiver.url).host;
  const text = await server.metrics();
  assert.ok(metric(text, `warren_webhook_events_delivered_total{webhook="1:${host}"}`) > 0);
  assert.equal(metric(text, `warren_webhook_events_dropped_total{webhook="1:${host}"}`), 0);
});

test("no event, no log line and no request of a webhook has a key", async () => {
  const device = await server.register();
  await server.join(device);
  await server.join(device, device.joinRequestUnder(device.currentKeys, 0));
  const everything = [...server.logLines, ...receiver.requests.map(({ body }) => body)].join("\n");
  assert.match(everything, /join-accepted/);
  for (const key of device.allKeys) {
    const bytes = key.export();
    for (const encoding of ["hex", "base64", "base64url"] as const) {
      assert.ok(!everything.toLowerCase().includes(bytes.toString(encoding).toLowerCase()));
    }
  }
});
