import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import {
  queueDownlink,
  reserveFCntDown,
} from "../../src/network-server/downlink/queue-downlink.ts";
import { FakeDevice } from "./support/fake-device.ts";
import { joinDevice, startTestNetwork, type TestNetwork } from "./support/test-network.ts";

async function joined(test: TestContext, version: MacVersion) {
  const network = await startTestNetwork(test);
  const device = new FakeDevice(version, 1);
  network.addDevice(device);
  await joinDevice(network, device);
  if (version !== "1.1.0") {
    // The first uplink activates the session.
    await network.gateway.exchange(device.uplink({ confirmed: true }));
  }
  const sessionKeyId = network.store.findDevice(device.devEui)!.current!.sessionKeyId;
  return { network, device, sessionKeyId };
}

interface Queued {
  readonly downlinkId: string;
  readonly sessionKeyId: string;
  readonly fCntDown: number;
  readonly payload: Uint8Array;
  readonly isConfirmed?: boolean;
}

function queue(network: TestNetwork, device: FakeDevice, downlink: Queued): void {
  const { downlinkId, sessionKeyId, fCntDown, isConfirmed = false } = downlink;
  network.store.changeDevice(device.devEui, (before) =>
    queueDownlink(before, {
      downlinkId,
      sessionKeyId,
      fPort: 7,
      fCntDown,
      isConfirmed,
      frmPayload: device.encryptDownlink(fCntDown, downlink.payload),
    }),
  );
}

function reserve(network: TestNetwork, device: FakeDevice, sessionKeyId: string): number {
  return network.store.changeDevice(device.devEui, (before) =>
    reserveFCntDown(before, sessionKeyId),
  ).fCntDown;
}

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof WarrenError && error.code === code;

test("1.1: application payloads count in AFCntDown, MAC answers beside them in FOpts", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.1.0");
  const { gateway, applicationServer } = network;
  queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown: 0, payload: parseHex("01") });
  queue(network, device, { downlinkId: "b", sessionKeyId, fCntDown: 1, payload: parseHex("02") });

  // LinkCheckReq
  const first = await gateway.exchange(device.uplink({ fPort: 1, fOpts: parseHex("02") }));
  const a = device.open(first.txpk.phyPayload);
  assert.deepEqual([a.fCntDown, a.frame.fPort, formatHex(a.payload)], [0, 7, "01"]);
  // The floor of SF7 is -7.5 dB and the frame came with 9 dB.
  assert.equal(formatHex(a.fOpts), "021101");
  assert.equal("fPending" in a.frame.fCtrl && a.frame.fCtrl.fPending, true);

  const second = await gateway.exchange(device.uplink({ fPort: 1 }));
  const b = device.open(second.txpk.phyPayload);
  assert.deepEqual([b.fCntDown, formatHex(b.payload)], [1, "02"]);
  assert.equal("fPending" in b.frame.fCtrl && b.frame.fCtrl.fPending, false);
  assert.deepEqual(await applicationServer.eventsOf("a", 1), ["sent"]);
  assert.deepEqual(await applicationServer.eventsOf("b", 1), ["sent"]);
});

test("1.1: MAC commands that do not fit beside a payload go first, on FPort 0", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.1.0");
  const { gateway } = network;
  queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown: 0, payload: parseHex("01") });

  // Three DeviceTimeReq have 18 octets of answers.
  const first = await gateway.exchange(device.uplink({ fPort: 1, fOpts: parseHex("0d0d0d") }));
  const mac = device.open(first.txpk.phyPayload);
  assert.equal(mac.frame.fPort, 0);
  assert.equal(mac.payload.length, 18);
  assert.equal("fPending" in mac.frame.fCtrl && mac.frame.fCtrl.fPending, true);
  const second = await gateway.exchange(device.uplink({ fPort: 1 }));
  assert.equal(formatHex(device.open(second.txpk.phyPayload).payload), "01");
});

test("1.0: one counter for both servers, kept in order", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.0.3");
  const { gateway } = network;
  const fCntDown = reserve(network, device, sessionKeyId);
  assert.equal(fCntDown, 1, "the acknowledgement was 0");
  const late = reserve(network, device, sessionKeyId);
  queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown, payload: parseHex("0a") });

  const first = await gateway.exchange(device.uplink({ confirmed: true }));
  const a = device.open(first.txpk.phyPayload);
  assert.deepEqual([a.fCntDown, formatHex(a.payload), a.frame.fCtrl.ack], [1, "0a", true]);
  const second = await gateway.exchange(device.uplink({ confirmed: true }));
  assert.equal(device.open(second.txpk.phyPayload).fCntDown, 3, "2 is reserved");
  assert.throws(
    () =>
      queue(network, device, { downlinkId: "b", sessionKeyId, fCntDown: late, payload: a.payload }),
    refusedWith("downlink-refused"),
  );
});

test("counters that were not reserved, used ones and other sessions are refused", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.0.3");
  const payload = parseHex("01");
  assert.throws(
    () => queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown: 1, payload }),
    refusedWith("downlink-refused"),
  );
  assert.throws(
    () => queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown: 0, payload }),
    refusedWith("downlink-refused"),
  );
  assert.throws(() => reserve(network, device, "another"), refusedWith("session-unknown"));
});

test("a confirmed downlink is acknowledged, or not, by the next uplink", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.1.0");
  const { gateway, applicationServer } = network;
  const payload = parseHex("01");
  queue(network, device, {
    downlinkId: "a",
    sessionKeyId,
    fCntDown: 0,
    payload,
    isConfirmed: true,
  });
  queue(network, device, {
    downlinkId: "b",
    sessionKeyId,
    fCntDown: 1,
    payload,
    isConfirmed: true,
  });

  const first = await gateway.exchange(device.uplink({ fPort: 1 }));
  device.open(first.txpk.phyPayload);
  const second = await gateway.exchange(device.uplink({ fPort: 1, ack: true }));
  device.open(second.txpk.phyPayload);
  assert.deepEqual(await applicationServer.eventsOf("a", 2), ["sent", "acknowledged"]);
  gateway.push(device.uplink({ fPort: 1 }));
  assert.deepEqual(await applicationServer.eventsOf("b", 2), ["sent", "not-acknowledged"]);
});

test("a confirmed downlink that another one overtakes, with a repeated uplink, is told of", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.1.0");
  const { gateway, applicationServer } = network;
  for (const [fCntDown, downlinkId] of ["a", "b"].entries()) {
    const queued = { downlinkId, sessionKeyId, fCntDown, payload: parseHex("01") };
    queue(network, device, { ...queued, isConfirmed: true });
  }
  const uplink = device.uplink({ fPort: 1, confirmed: true });
  await gateway.exchange(uplink, { tmst: 1_000_000 });
  // The device has heard nothing in its windows and sends the same frame again.
  await sleep(1_500);
  const second = await gateway.exchange(uplink, { tmst: 4_000_000 });
  device.open(second.txpk.phyPayload);
  assert.deepEqual(await applicationServer.eventsOf("a", 2), ["sent", "not-acknowledged"]);
  gateway.push(device.uplink({ fPort: 1, ack: true }));
  assert.deepEqual(await applicationServer.eventsOf("b", 2), ["sent", "acknowledged"]);
  assert.equal((await applicationServer.eventsOf("a", 2)).length, 2);
});

test("a payload too large for the data rate fails and does not block the next", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.1.0");
  const { gateway, applicationServer } = network;
  const large = new Uint8Array(52);
  queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown: 0, payload: large });
  queue(network, device, { downlinkId: "b", sessionKeyId, fCntDown: 1, payload: parseHex("02") });
  const { txpk } = await gateway.exchange(device.uplink({ fPort: 1 }, { txDr: 0, txCh: 0 }), {
    datr: "SF12BW125",
  });
  assert.equal(formatHex(device.open(txpk.phyPayload).payload), "02");
  assert.deepEqual(await applicationServer.eventsOf("a", 1), ["failed"]);
  const failed = applicationServer.events.find((event) => event["DownlinkID"] === "a");
  assert.equal(failed?.["Reason"], "payload-too-large");
});

test("a payload that only RX1 can carry is not tried in RX2", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.1.0");
  const { gateway, applicationServer } = network;
  gateway.nextErrors.push("TOO_LATE");
  const payload = new Uint8Array(60);
  queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown: 0, payload });
  await gateway.exchange(device.uplink({ fPort: 1 }));
  assert.deepEqual(await applicationServer.eventsOf("a", 1), ["failed"]);
  const failed = applicationServer.events.find((event) => event["DownlinkID"] === "a");
  assert.equal(failed?.["Reason"], "too-late");
});

test("what a restart interrupted has failed, what waited still waits", async (t) => {
  const { network, device, sessionKeyId } = await joined(t, "1.1.0");
  const payload = parseHex("01");
  queue(network, device, { downlinkId: "a", sessionKeyId, fCntDown: 0, payload });
  queue(network, device, { downlinkId: "b", sessionKeyId, fCntDown: 1, payload });
  network.store.changeDevice(device.devEui, (before) => ({
    device: {
      ...before,
      downlinks: before.downlinks.map((downlink) => ({
        ...downlink,
        isSending: downlink.downlinkId === "a",
      })),
    },
    messages: [],
  }));
  await network.restart();
  assert.deepEqual(await network.applicationServer.eventsOf("a", 1), ["failed"]);
  const { txpk } = await network.gateway.exchange(device.uplink({ fPort: 1 }));
  assert.equal(device.open(txpk.phyPayload).fCntDown, 1);
});
