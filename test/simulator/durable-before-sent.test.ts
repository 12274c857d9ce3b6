import assert from "node:assert/strict";
import { Socket } from "node:dgram";
import { test } from "node:test";
import { systemClock } from "../../src/clock.ts";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { silentLogger } from "../../src/logger.ts";
import { eu868 } from "../../src/lorawan/region/eu868.ts";
import { perfectAir } from "../../src/simulator/air/radio-frame.ts";
import { DEFAULT_DEVICE_SETTINGS } from "../../src/simulator/device/device-profile.ts";
import { Simulator } from "../../src/simulator/simulator.ts";
import { devEui, FakeServer, joinEui } from "./support/fake-server.ts";
import { MemoryStore } from "./support/memory-store.ts";
import { UdpNetworkServer, until } from "./support/udp-network-server.ts";

/** Says what happens in which order. */
class WatchedStore extends MemoryStore {
  readonly seen: string[];
  isTogether = false;

  constructor(seen: string[]) {
    super();
    this.seen = seen;
  }

  override saveState(...state: Parameters<MemoryStore["saveState"]>): void {
    this.seen.push(this.isTogether ? "saved" : "saved alone");
    super.saveState(...state);
  }

  override together(work: () => void): void {
    this.isTogether = true;
    work();
    this.isTogether = false;
    this.seen.push("durable");
  }
}

test("what devices do at one moment is stored together, and no frame leaves before that", async (t) => {
  const seen: string[] = [];
  const store = new WatchedStore(seen);
  const send = Socket.prototype.send;
  t.mock.method(
    Socket.prototype,
    "send",
    function (this: Socket, ...args: Parameters<typeof send>) {
      if (Buffer.from(args[0] as Uint8Array).includes("rxpk"))
        seen.push(store.isTogether ? "sent too soon" : "sent");
      return send.apply(this, args);
    },
  );
  const networkServer = new UdpNetworkServer();
  const simulator = new Simulator(
    {
      region: eu868,
      networkServer: await networkServer.open(),
      gatewayCount: 1,
      speed: 50,
      air: perfectAir,
      seed: 3,
    },
    { store, clock: systemClock, logger: silentLogger, randomBytes: systemRandomBytes },
  );
  await simulator.start();
  t.after(() => {
    simulator.close();
    networkServer.close();
  });
  const { keys } = new FakeServer(true);
  simulator.putDevice(
    {
      ...{ devEui, joinEui, macVersion: "1.1.0" },
      ...{ uplinkIntervalMs: 10_000, confirmedUplinks: false },
      ...DEFAULT_DEVICE_SETTINGS,
    },
    { activation: "otaa", rootKeys: keys },
  );
  await until(() => seen.includes("sent") || seen.includes("sent too soon"));
  assert.ok(!seen.includes("sent too soon"));
  assert.ok(!seen.includes("saved alone"));
  const saved = seen.indexOf("saved");
  const durable = seen.indexOf("durable", saved);
  assert.ok(saved !== -1 && saved < durable && durable < seen.indexOf("sent"), seen.join());
});
