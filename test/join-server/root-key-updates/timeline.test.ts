import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import { addStep } from "../../../src/join-server/root-key-updates/timeline/attempt-steps.ts";
import { ExpirySweep } from "../../../src/join-server/root-key-updates/timeline/expiry-sweep.ts";
import type { UpdateAttempt } from "../../../src/join-server/root-key-updates/update-attempt.ts";
import { AS_ID, JoinServerRig, type Json, NET_ID } from "../../support/join-server-rig.ts";
import {
  joined,
  sendUp,
  startByOperator,
  stepsOf,
  timelineOf,
  updateWhole,
  watchSaves,
} from "./support.ts";

const DAY_MS = 86_400_000;
const NS_ROUTE = { kek: "11".repeat(16), url: "http://127.0.0.1:9", relaysRootKeyUpdates: true };

async function start(): Promise<{ rig: JoinServerRig; saves: ReturnType<typeof watchSaves> }> {
  const rig = await JoinServerRig.start();
  await rig.put(`network-servers/${NET_ID}`, NS_ROUTE);
  return { rig, saves: watchSaves(rig) };
}

const sweepOf = (rig: JoinServerRig) =>
  new ExpirySweep({
    store: rig.store,
    policies: { levels: () => ({ allDevices: {}, profiles: new Map() }) },
    updatePolicy: {
      expiryMs: DAY_MS,
      attemptPeriodMs: 0,
      allowRabbitSplit: false,
      shortestPeriodMs: 0,
    },
    clock: rig.clock,
    events: { publish: (event) => rig.events.push(event) },
    logger: rig.log.logger,
  });

describe("the timeline of a device", () => {
  it("has every step of an update that an operator orders", async () => {
    const { rig, saves } = await start();
    const device = await joined(rig);
    rig.clock.time += 1_000;
    const ready = await startByOperator(rig, device);
    rig.clock.time += 1_000;
    await sendUp(rig, device, "80010000");
    const { MACCommand } = await sendUp(rig, device, ready);
    await sendUp(rig, device, ready);
    rig.clock.time += 1_000;
    device.receiveCommand(MACCommand as string);
    await rig.join(device);
    const { attempts, ...timeline } = await timelineOf(rig, device);
    assert.equal(attempts.length, 1);
    const { steps, ...attempt } = attempts[0] as { steps: Json[] };
    assert.deepEqual(attempt, {
      updateId: 1,
      suite: "rabbit",
      isHealing: false,
      carrier: "mac-commands",
      generation: 0,
      requestedBy: "operator:file-token",
      startedAt: "2026-01-01T00:00:01.000Z",
      endedAt: "2026-01-01T00:00:03.000Z",
      outcome: "committed",
      reason: null,
      remedy: null,
    });
    assert.deepEqual(
      steps.map(({ at, kind }) => [(at as string).slice(17, 19), kind]),
      [
        ["01", "started"],
        ["01", "request-handed-over"],
        ["02", "accepted"],
        ["02", "ready-received"],
        ["02", "ready-repeated"],
        ["03", "joined-with-new-keys"],
        ["03", "committed"],
      ],
    );
    assert.deepEqual(timeline, {
      devEui: device.devEui,
      generation: 1,
      generationSince: "2026-01-01T00:00:03.000Z",
      generationSessions: 1,
      lastUpdateId: 1,
      failedAttempts: 0,
      updateWanted: null,
      updateNotBefore: null,
      generations: [
        { generation: 1, since: "2026-01-01T00:00:03.000Z", updateId: 1 },
        { generation: 0, since: "2026-01-01T00:00:00.000Z", updateId: null },
      ],
      next: null,
    });
    assert.equal(saves.length, 7);
  });

  for (const [carrier, requestedBy, senderId] of [
    ["mac-commands", `network-server:${NET_ID}`, NET_ID],
    ["application-port", `application-server:${AS_ID}`, AS_ID],
  ] as const) {
    it(`names ${requestedBy} as who asked, and what it carried`, async () => {
      const { rig } = await start();
      await rig.put(`application-servers/${AS_ID}`, {
        kek: "22".repeat(16),
        relaysRootKeyUpdates: true,
      });
      const device = await joined(rig);
      const ask = { DevEUI: device.devEui, Reason: "age", SenderID: senderId };
      await rig.ask("RootKeyUpdateReq", ask);
      const { attempts } = await timelineOf(rig, device);
      assert.equal(attempts[0]?.["requestedBy"], requestedBy);
      assert.equal(attempts[0]?.["carrier"], carrier);
      assert.deepEqual(stepsOf(attempts[0]), ["started", "request-handed-over"]);
    });
  }

  it("says which request could not be handed over, and hands it over again", async () => {
    let isReachable = false;
    const rig = await JoinServerRig.start({
      networkServerLink: {
        sendRootKeyUpdateReq: () =>
          isReachable
            ? Promise.resolve()
            : Promise.reject(new WarrenError("peer-unreachable", "gone")),
      },
    });
    await rig.put(`network-servers/${NET_ID}`, NS_ROUTE);
    const saves = watchSaves(rig);
    const device = await joined(rig);
    const path = `devices/${device.devEui}/root-key-update`;
    const { body } = await rig.call("POST", path);
    assert.deepEqual([body["isNew"], body["isDelivered"]], [true, false]);
    const count = saves.length;
    for (let again = 0; again < 3; again++) {
      assert.equal(await rig.updates.deliver(device.devEui), false);
    }
    assert.equal(saves.length, count, "the same failure again is no news");
    isReachable = true;
    const { body: second } = await rig.call("POST", path);
    assert.deepEqual([second["isNew"], second["isDelivered"]], [false, true]);
    const { attempts } = await timelineOf(rig, device);
    assert.deepEqual(
      ((attempts[0] as Json)["steps"] as Json[]).map(({ kind, detail }) => [kind, detail]),
      [
        ["started", null],
        ["request-not-delivered", "peer-unreachable"],
        ["request-handed-over", null],
      ],
    );
  });

  it("tells each end that is no commit: why, and what to do", async () => {
    const { rig } = await start();
    const device = await joined(rig);
    const ready = (command: string) => sendUp(rig, device, command);
    const ends: [reason: string, last: string, end: (command: string) => Promise<unknown>][] = [
      ["busy", "refused", () => ready("80010002")],
      ["suite-not-supported", "refused", () => ready("80020001")],
      [
        "wrong-mics",
        "ready-wrong-mic",
        async (command) => {
          const wrong = command.replace(/..$/, (end) => (end === "00" ? "01" : "00"));
          for (let count = 0; count < 3; count++) await ready(wrong);
        },
      ],
      [
        "joined-with-current-keys",
        "joined-with-current-keys",
        async (command) => {
          await ready(command);
          await rig.join(device);
        },
      ],
      ["aborted", "aborted", () => rig.call("DELETE", `devices/${device.devEui}/root-key-update`)],
      [
        "expired",
        "request-handed-over",
        async (command) => {
          rig.clock.time += DAY_MS;
          await ready(command);
        },
      ],
    ];
    for (const [index, [reason, last, end]] of ends.entries()) {
      await end(await startByOperator(rig, device));
      const { attempts, failedAttempts } = await timelineOf(rig, device);
      const [attempt] = attempts;
      assert.deepEqual([attempt?.["outcome"], attempt?.["reason"]], ["failed", reason]);
      assert.deepEqual(stepsOf(attempt).slice(-2), [last, "failed"], reason);
      assert.match(attempt?.["remedy"] as string, /\w{4}.*\.$/);
      assert.equal(failedAttempts, index + 1);
      const told = rig.events.filter(({ kind }) => kind === "update-failed");
      assert.deepEqual([told.length, told.at(-1)?.reason], [index + 1, reason]);
      assert.equal(told.at(-1)?.updateId, index + 1);
    }
    const { attempts, updateNotBefore } = await timelineOf(rig, device);
    assert.equal(attempts.length, ends.length);
    // Six failures in a row: a day, doubled five times, but never above thirty days.
    assert.equal(Date.parse(updateNotBefore as string) - rig.clock.time, 30 * DAY_MS);
    await updateWhole(rig, device);
    const after = await timelineOf(rig, device);
    assert.deepEqual([after["failedAttempts"], after["updateNotBefore"]], [0, null]);
    assert.deepEqual(
      (after["generations"] as Json[]).map(({ generation, updateId }) => [generation, updateId]),
      [
        [1, 7],
        [0, null],
      ],
    );
  });

  it("ends an update that has expired in the history before the next one starts", async () => {
    const { rig } = await start();
    for (const again of [
      (DevEUI: string) => rig.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" }),
      (devEui: string) => rig.call("POST", `devices/${devEui}/root-key-update`),
    ]) {
      const device = await joined(rig);
      await startByOperator(rig, device);
      rig.clock.time += DAY_MS;
      await again(device.devEui);
      const { attempts } = await timelineOf(rig, device);
      assert.deepEqual(
        attempts.map(({ updateId, outcome, reason }) => [updateId, outcome, reason]),
        [
          [2, "under-way", null],
          [1, "failed", "expired"],
        ],
      );
      const told = rig.events.filter(({ devEui }) => devEui === device.devEui).slice(-2);
      assert.deepEqual(
        told.map(({ kind, updateId }) => [kind, updateId]),
        [
          ["update-failed", 1],
          ["update-started", 2],
        ],
      );
    }
  });

  it("ends an update that has expired when nothing comes any more, once", async () => {
    const { rig } = await start();
    const devices = [await joined(rig), await joined(rig), await joined(rig)];
    for (const device of devices) await startByOperator(rig, device);
    rig.clock.time += DAY_MS - 1;
    assert.equal(await sweepOf(rig).sweep(), 0);
    rig.clock.time += 1;
    const counts = await Promise.all([sweepOf(rig).sweep(), sweepOf(rig).sweep()]);
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      devices.length,
    );
    const told = rig.events.filter(({ kind }) => kind === "update-failed");
    assert.equal(told.length, devices.length);
    for (const device of devices) {
      const { attempts } = await timelineOf(rig, device);
      assert.deepEqual([attempts.length, attempts[0]?.["reason"]], [1, "expired"]);
      await rig.join(device);
    }
  });

  it("forgets failures with other root keys, and keeps what has been", async () => {
    const { rig } = await start();
    const device = await joined(rig);
    await startByOperator(rig, device);
    rig.clock.time += DAY_MS;
    const path = `devices/${device.devEui}/root-keys`;
    const keys = {
      nwkKey: "a1b2c3d4e5f60718293a4b5c6d7e8f90",
      appKey: "0f".repeat(8) + "e1".repeat(8),
    };
    const { status, body } = await rig.call("PUT", path, keys);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual([body["generationSessions"], body["failedAttempts"]], [0, 0]);
    const { attempts } = await timelineOf(rig, device);
    assert.deepEqual([attempts.length, attempts[0]?.["reason"]], [1, "expired"]);
  });

  it("wants an update after wrong proofs where the policy names them, until the next commit", async () => {
    const { rig } = await start();
    const policy = { updatePolicy: { triggers: ["wrong-mics"] } };
    const [device, other] = [await joined(rig, policy), await joined(rig)];
    for (const each of [device, other]) {
      await startByOperator(rig, each);
      for (let count = 0; count < 3; count++) {
        await sendUp(rig, each, `810100${"00".repeat(8)}`);
      }
    }
    assert.equal((await timelineOf(rig, device))["updateWanted"], "wrong-mics");
    assert.equal((await timelineOf(rig, other))["updateWanted"], null);
    await updateWhole(rig, device);
    assert.equal((await timelineOf(rig, device))["updateWanted"], null);
  });

  it("counts the sessions of a generation", async () => {
    const { rig } = await start();
    const device = await joined(rig);
    await rig.join(device);
    await rig.join(device, device.rejoinRequest(0));
    assert.equal((await rig.show(device))["generationSessions"], 3);
    await updateWhole(rig, device);
    assert.equal((await rig.show(device))["generationSessions"], 1);
    await rig.join(device);
    assert.equal((await rig.show(device))["generationSessions"], 2);
  });

  it("costs one save a join, and none for what a server may repeat at will", async () => {
    const { rig, saves } = await start();
    const device = await joined(rig);
    assert.equal(saves.length, 1);
    await rig.join(device);
    assert.equal(saves.length, 2);
    assert.deepEqual(saves[1]?.change.endedAttempts, []);
    const ask = () => rig.ask("RootKeyUpdateReq", { DevEUI: device.devEui, Reason: "age" });
    const ready = device.receiveCommand((await ask())["MACCommand"] as string) as string;
    await sendUp(rig, device, ready);
    await sendUp(rig, device, ready);
    const count = saves.length;
    const wrong = ready.replace(/..$/, (end) => (end === "00" ? "01" : "00"));
    for (let again = 0; again < 20; again++) {
      await ask();
      for (const command of [ready, wrong, "80010000", "80010002", "80ff0000"]) {
        await sendUp(rig, device, command);
      }
    }
    assert.equal(saves.length, count);
  });

  it("is read in pages, and only of a device that is there", async () => {
    const { rig } = await start();
    const device = await joined(rig);
    for (let count = 0; count < 5; count++) {
      await startByOperator(rig, device);
      await rig.call("DELETE", `devices/${device.devEui}/root-key-update`);
    }
    await startByOperator(rig, device);
    const seen: unknown[] = [];
    let query = "?limit=2";
    for (let page = 0; page < 3; page++) {
      const { attempts, next } = await timelineOf(rig, device, query);
      seen.push(...attempts.map(({ updateId }) => updateId));
      query = `?limit=2&before=${next}`;
    }
    assert.deepEqual(seen, [6, 5, 4, 3, 2, 1]);
    const { status } = await rig.call("GET", "devices/ffffffffffffffff/root-key-updates");
    assert.equal(status, 404);
    assert.equal(
      (await rig.call("GET", `devices/${device.devEui}/root-key-updates?before=0`)).status,
      400,
    );
  });
});

describe("addStep", () => {
  it("keeps the first and the last steps of a long attempt", () => {
    let attempt = { steps: [] as UpdateAttempt["steps"] } as UpdateAttempt;
    for (let at = 0; at < 1_000; at++) attempt = addStep(attempt, { at, kind: "ready-wrong-mic" });
    const times = attempt.steps.map(({ at }) => at);
    assert.deepEqual(times.slice(0, 16), [...Array(16).keys()]);
    assert.deepEqual(
      times.slice(16),
      [...Array(16).keys()].map((index) => 984 + index),
    );
  });
});
