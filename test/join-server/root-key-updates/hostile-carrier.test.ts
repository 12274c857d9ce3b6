import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { splitIntoFragments } from "../../../src/root-key/fragments.ts";
import {
  AS_ID,
  JoinServerRig,
  type Json,
  NET_ID,
  resultOf,
  useJoinServer,
} from "../../support/join-server-rig.ts";
import { TestDevice } from "../../support/test-device.ts";

const rig = useJoinServer();
const DAY_MS = 86_400_000;

async function joined(changes: Json, server: JoinServerRig = rig): Promise<TestDevice> {
  const device = new TestDevice("1.1.0");
  await server.register(device, changes);
  await server.join(device);
  return device;
}

const ask = ({ devEui: DevEUI }: TestDevice, SenderID: string, server: JoinServerRig = rig) =>
  server.ask("RootKeyUpdateReq", { SenderID, DevEUI, Reason: "age" });

const sendUp = (
  { devEui: DevEUI }: TestDevice,
  MACCommand: string,
  members: Json = {},
  server = rig,
) => server.ask("RootKeyCommandReq", { DevEUI, MACCommand, ...members });

/** A whole update that the Network Server has asked for. */
async function update(device: TestDevice): Promise<void> {
  const { MACCommand } = await ask(device, NET_ID);
  const ready = device.receiveCommand(MACCommand as string) as string;
  device.receiveCommand((await sendUp(device, ready))["MACCommand"] as string);
  await rig.join(device);
}

describe("a server that carries updates", () => {
  before(async () => {
    await rig.call("PATCH", `application-servers/${AS_ID}`, { relaysRootKeyUpdates: true });
  });

  it("is held to the minimum period of the device's profile, and of all devices", async () => {
    await rig.put("device-profiles/rare", { updatePolicy: { minimumPeriodMs: 7 * DAY_MS } });
    const device = await joined({ deviceProfile: "rare" });
    await update(device);
    for (const [afterMs, expected] of [
      [2 * DAY_MS, "Deferred"],
      [4 * DAY_MS, "Deferred"],
      [DAY_MS, "Success"],
    ] as const) {
      rig.clock.time += afterMs;
      for (const sender of [NET_ID, AS_ID]) {
        assert.equal(resultOf(await ask(device, sender)), expected);
      }
    }
    await rig.put("update-policy", { minimumPeriodMs: 0 });
    const often = await joined({});
    await update(often);
    assert.equal(resultOf(await ask(often, AS_ID)), "Success");
  });

  it("speaks of the updates of one device as often as the limit for a device says", async () => {
    const device = { perSecond: 0.1, burst: 4 };
    const limited = await JoinServerRig.start({ limits: { peer: undefined, device } });
    const one = await joined({ updatePolicy: { isHealing: true } }, limited);
    const other = await joined({}, limited);
    const fragments = splitIntoFragments(
      parseHex(
        one.receiveCommand((await ask(one, NET_ID, limited))["MACCommand"] as string) as string,
      ),
    ).map(formatHex);
    const results = [];
    for (const fragment of fragments) {
      results.push(resultOf(await sendUp(one, fragment, {}, limited)));
    }
    assert.deepEqual(results, ["Success", "Success", "Other", "Other", "Other"]);
    assert.equal(resultOf(await ask(one, NET_ID, limited)), "Other");
    assert.equal(resultOf(await ask(other, NET_ID, limited)), "Success");
    limited.clock.time += 60_000;
    assert.equal(resultOf(await sendUp(one, fragments[2] as string, {}, limited)), "Success");
  });

  it("gets the same answer as the other one, whoever brings the proof at the same time", async () => {
    for (const updatePolicy of [{}, { isHealing: true }]) {
      const device = await joined({ updatePolicy });
      const { MACCommand } = await ask(device, NET_ID);
      const ready = device.receiveCommand(MACCommand as string) as string;
      const answers = await Promise.all(
        [NET_ID, AS_ID, NET_ID, AS_ID].map((SenderID) => sendUp(device, ready, { SenderID })),
      );
      const [answer] = answers.map((message) => message["MACCommand"]);
      assert.ok(answer);
      for (const message of answers) assert.equal(message["MACCommand"], answer);
      const busy = `80${ready.slice(2, 6)}02`;
      assert.equal(resultOf(await sendUp(device, busy, { SenderID: AS_ID })), "Success");
      device.receiveCommand(answer as string);
      await rig.join(device);
      assert.equal((await rig.show(device))["generation"], 1);
    }
  });

  it("cannot end an update of a device whose settings name the other one", async () => {
    const device = await joined({ carrier: "mac-commands" });
    const { MACCommand } = await ask(device, NET_ID);
    const ready = device.receiveCommand(MACCommand as string) as string;
    const busy = `80${ready.slice(2, 6)}02`;
    const row = rig.dump();
    for (const forged of [busy, `${ready.slice(0, -8)}00000000`]) {
      assert.equal(resultOf(await sendUp(device, forged, { SenderID: AS_ID })), "Deferred");
    }
    assert.equal(rig.dump(), row);
    // What is on its way when the setting changes still arrives.
    await rig.call("PATCH", `devices/${device.devEui}`, { carrier: "application-port" });
    const answer = (await sendUp(device, ready))["MACCommand"];
    device.receiveCommand(answer as string);
    await rig.join(device);
    assert.equal((await rig.show(device))["generation"], 1);
  });

  it("causes no writes with fragments of a proof that is there, of whatever content", async () => {
    const device = await joined({ updatePolicy: { isHealing: true } });
    const { MACCommand } = await ask(device, NET_ID);
    const ready = device.receiveCommand(MACCommand as string) as string;
    const answer = (await sendUp(device, ready))["MACCommand"];
    const fragments = splitIntoFragments(parseHex(ready)).map(formatHex);
    // The repetition is noted, once.
    await sendUp(device, fragments[0] as string);
    const row = rig.dump();
    for (const fragment of fragments) {
      assert.equal((await sendUp(device, fragment))["MACCommand"], answer);
      const forged = `${fragment.slice(0, 4)}0102${fragment.slice(8)}`;
      const refused = await sendUp(device, forged);
      assert.deepEqual([resultOf(refused), refused["MACCommand"]], ["Success", undefined]);
    }
    assert.equal(rig.dump(), row);
    device.receiveCommand(answer as string);
    await rig.join(device);
    assert.equal((await rig.show(device))["generation"], 1);
  });
});
