import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../../src/clock.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { silentLogger } from "../../../src/logger.ts";
import { eu868 } from "../../../src/lorawan/region/eu868.ts";
import { receiveWindows } from "../../../src/network-server/downlink/receive-windows.ts";
import { DownlinkScheduler } from "../../../src/network-server/gateway/downlink-scheduler.ts";
import { GatewayServer } from "../../../src/network-server/gateway/gateway-server.ts";
import { FakeGateway } from "../support/fake-gateway.ts";

/** A gateway that does not acknowledge RX1, and a frame after an uplink that came `agoMs` ago. */
async function transmitUnacknowledged(
  test: TestContext,
  timing: { readonly rx1DelayMs: number; readonly agoMs: number; readonly txAckTimeoutMs?: number },
) {
  const common = { clock: systemClock, logger: silentLogger };
  const server = new GatewayServer({
    ...common,
    ...(timing.txAckTimeoutMs !== undefined && { txAckTimeoutMs: timing.txAckTimeoutMs }),
    randomBytes: systemRandomBytes,
    onFrame: () => undefined,
  });
  const address = await server.listen("127.0.0.1", 0);
  const gateway = await new FakeGateway(1, Number(new URL(address).port)).connect();
  test.after(async () => {
    gateway.close();
    await server.close();
  });
  gateway.nextErrors.push("silent");
  const { gatewayEui } = gateway;
  const best = {
    gatewayEui,
    tmst: 0,
    frequencyHz: 868_100_000,
    dataRate: 5,
    rssi: -60,
    snr: 9,
  };
  const receivedAt = Date.now() - timing.agoMs;
  const phyPayload = new Uint8Array(12);
  const scheduler = new DownlinkScheduler({ ...common, region: eu868, gateways: server });
  const outcome = await scheduler.transmit({
    phyPayload,
    windows: receiveWindows(eu868, best, {
      rx1DelayMs: timing.rx1DelayMs,
      rx1DrOffset: 0,
      rx2DataRate: 0,
    }),
    uplink: { phyPayload, receivedAt, best, receptions: [best] },
  });
  return { outcome, transmissions: gateway.transmissions, receivedAt };
}

test("RX1 is given up while the gateway can still be told about RX2", async (t) => {
  const timing = { rx1DelayMs: 1_000, agoMs: 700 };
  const { outcome, transmissions, receivedAt } = await transmitUnacknowledged(t, timing);
  assert.deepEqual(outcome, { isSent: true });
  const [rx1, rx2] = transmissions;
  assert.deepEqual(
    [rx1?.txpk.timing, rx2?.txpk.timing],
    [{ tmst: 1_000_000 }, { tmst: 2_000_000 }],
  );
  assert.ok(rx2!.at - rx1!.at > 900, "the gateway has had all the time there is");
  assert.ok(rx2!.at <= receivedAt + 1_900);
});

test("where RX2 is far away, the timeout is what it was", async (t) => {
  const timing = { rx1DelayMs: 5_000, agoMs: 0, txAckTimeoutMs: 100 };
  const { outcome, transmissions } = await transmitUnacknowledged(t, timing);
  assert.deepEqual(outcome, { isSent: true });
  assert.ok(transmissions[1]!.at - transmissions[0]!.at < 1_000);
});
