import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { TxError } from "../../src/gwmp/tx-ack.ts";
import type { Txpk } from "../../src/gwmp/txpk.ts";
import { nextTmst } from "../../src/gwmp/txpk.ts";
import { silentLogger } from "../../src/logger.ts";
import { decodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import { MType } from "../../src/lorawan/mhdr.ts";
import { eu868 } from "../../src/lorawan/region/eu868.ts";
import { perfectAir } from "../../src/simulator/air/radio-frame.ts";
import { DEFAULT_DEVICE_SETTINGS } from "../../src/simulator/device/device-profile.ts";
import { Simulator } from "../../src/simulator/simulator.ts";
import { keysAsHex } from "../support/keys-as-hex.ts";
import { devEui, FakeServer, joinEui, mTypeOf } from "./support/fake-server.ts";
import { MemoryStore } from "./support/memory-store.ts";
import { UdpNetworkServer, until } from "./support/udp-network-server.ts";

/** RX1 after data is 100 ms away then, which a busy machine still meets. */
const SPEED = 10;

async function start(context: TestContext, gatewayCount = 1) {
  const networkServer = new UdpNetworkServer();
  const address = await networkServer.open();
  const store = new MemoryStore();
  const simulator = new Simulator(
    { region: eu868, networkServer: address, gatewayCount, speed: SPEED, air: perfectAir, seed: 3 },
    { store, clock: systemClock, logger: silentLogger, randomBytes: systemRandomBytes },
  );
  await simulator.start();
  context.after(() => {
    simulator.close();
    networkServer.close();
  });
  const putDevice = (macVersion: MacVersion, server: FakeServer) =>
    simulator.putDevice(
      {
        ...{ devEui, joinEui, macVersion, uplinkIntervalMs: 10_000, confirmedUplinks: false },
        ...DEFAULT_DEVICE_SETTINGS,
      },
      { activation: "otaa", rootKeys: server.keys },
    );
  return { networkServer, simulator, putDevice, address };
}

function txpk(changes: Partial<Extract<Txpk, { modu: "LORA" }>> = {}): Txpk {
  return {
    timing: "immediately",
    frequencyHz: 869_525_000,
    rfch: 0,
    ncrc: true,
    phyPayload: new Uint8Array(20),
    modu: "LORA",
    datr: "SF7BW125",
    codr: "4/5",
    ipol: true,
    ...changes,
  };
}

describe("devices over UDP", () => {
  for (const macVersion of ["1.0.3", "1.1.0"] as const) {
    test(`join at tmst + 5 s and send (${macVersion})`, async (context) => {
      const { networkServer, putDevice } = await start(context);
      const server = new FakeServer(macVersion === "1.1.0");
      const uplinks: number[] = [];
      networkServer.onRxpk = (rxpk) => {
        const { phyPayload, frequencyHz, datr } = rxpk;
        assert.equal(typeof datr, "string");
        const common = { frequencyHz, datr: String(datr) };
        if (mTypeOf(phyPayload) === MType.JoinRequest) {
          const accept = server.accept(decodeJoinRequest(phyPayload).devNonce);
          const timing = { tmst: nextTmst(rxpk.tmst, 5_000_000) };
          networkServer.transmit(txpk({ ...common, timing, phyPayload: accept }));
          return;
        }
        const seen = server.uplink(phyPayload);
        if (seen === undefined) return;
        uplinks.push(seen.fCntUp);
        const timing = { tmst: nextTmst(rxpk.tmst, 1_000_000) };
        networkServer.transmit(txpk({ ...common, timing, phyPayload: server.downlink() }));
      };
      const device = putDevice(macVersion, server);
      await until(() => uplinks.length >= 3);
      assert.deepEqual(uplinks, [0, 1, 2]);
      assert.deepEqual(keysAsHex(device.state.session?.keys), keysAsHex(server.session?.keys));
      assert.ok(device.recorder.counters.downlinks >= 1);
      // A machine that stands still for 100 ms is late with an answer; the join and one downlink were not.
      const errors = networkServer.txAcks.map(({ result }) => result.error);
      assert.ok(
        errors.every((error) => error === undefined || error === TxError.TooLate),
        `${errors}`,
      );
      assert.ok(errors.filter((error) => error === undefined).length >= 2, `${errors}`);
    });
  }

  test("every gateway hears every frame", async (context) => {
    const { networkServer, putDevice, simulator } = await start(context, 3);
    putDevice("1.0.4", new FakeServer(false));
    const frames = () => networkServer.pushes.filter(({ rxpk }) => rxpk.length > 0);
    await until(() => frames().length >= 3);
    const euis = new Set(frames().map(({ gatewayEui }) => gatewayEui));
    assert.deepEqual(
      [...euis].sort(),
      simulator.gateways.map(({ gatewayEui }) => gatewayEui),
    );
  });
});

describe("a gateway", () => {
  test("pulls every 10 s and reports every 30 s of simulated time", async (context) => {
    const { networkServer, simulator } = await start(context);
    const startedAt = Date.now();
    await until(() => networkServer.pushes.some(({ stat }) => stat !== undefined));
    const elapsedMs = (Date.now() - startedAt) * SPEED;
    assert.ok(elapsedMs > 29_000 && elapsedMs < 40_000, `${elapsedMs} ms`);
    assert.ok(networkServer.pulls >= 3 && networkServer.pulls <= 5, `${networkServer.pulls} pulls`);
    await until(() => (simulator.gateways[0]?.counters.pullsAcknowledged ?? 0) >= 3);
  });

  test("refuses as real ones do, and answers nothing to what is no txpk", async (context) => {
    const { networkServer, putDevice, simulator } = await start(context);
    putDevice("1.0.4", new FakeServer(false));
    let tmst: number | undefined;
    networkServer.onRxpk = (rxpk) => {
      tmst ??= rxpk.tmst;
    };
    await until(() => tmst !== undefined);
    const at = (delayUs: number) => ({ timing: { tmst: nextTmst(tmst ?? 0, delayUs) } });
    const ask = async (order: Txpk) => {
      const token = networkServer.transmit(order);
      await until(() => networkServer.txAcks.some((ack) => ack.token === token));
      return networkServer.txAcks.find((ack) => ack.token === token)?.result.error;
    };
    assert.equal(await ask(txpk(at(0))), "TOO_EARLY");
    assert.equal(await ask(txpk(at(600_000_000))), "TOO_EARLY");
    assert.equal(await ask(txpk({ ...at(30_000_000), frequencyHz: 915_000_000 })), "TX_FREQ");
    assert.equal(await ask(txpk({ timing: { tmms: 1 } })), "GPS_UNLOCKED");
    assert.equal(await ask(txpk(at(30_000_000))), undefined);
    assert.equal(await ask(txpk(at(30_010_000))), "COLLISION_PACKET");
    const before = networkServer.txAcks.length;
    networkServer.sendBytes(Buffer.from('\x02\x00\x01\x03{"txpk":{"imme":true}}', "latin1"));
    networkServer.sendBytes(Buffer.from("garbage"));
    assert.equal(await ask(txpk(at(31_000_000))), undefined);
    assert.equal(networkServer.txAcks.length, before + 1);
    const [gateway] = simulator.gateways;
    assert.equal(gateway?.counters.downlinksSent, 2);
    assert.equal(gateway?.counters.downlinksRefused["TOO_EARLY"], 2);
  });

  test("goes on while the Network Server is away", async (context) => {
    const { networkServer, address, simulator } = await start(context);
    await until(() => networkServer.pulls > 0);
    networkServer.close();
    const sent = () => simulator.gateways[0]?.counters.pullsSent ?? 0;
    const before = sent();
    await until(() => sent() > before + 2);
    const back = new UdpNetworkServer();
    await back.open(address.port);
    context.after(() => back.close());
    await until(() => back.pulls > 0);
    networkServer.close = () => undefined;
  });
});
