import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import type { LabelledKek } from "../../../src/backend/key-envelope.ts";
import { type Aes128Key, equalKeys } from "../../../src/crypto/aes128.ts";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import type { Device } from "../../../src/join-server/device.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../src/join-server/peers.ts";
import type { JoinServerStore, UsedDevNonce } from "../../../src/join-server/ports.ts";
import type { Session } from "../../../src/join-server/session.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import { ALL_SUITES } from "../../../src/root-key/suite.ts";
import {
  bytes,
  devAddr,
  eui64,
  key,
  netId,
  record,
  uint16,
  uint24,
} from "../../support/lorawan-arbitraries.ts";

/** A store under test. */
export interface StoreUnderTest {
  readonly store: JoinServerStore;
  /** The same contents as another process would find them. */
  readonly reopen: () => JoinServerStore | Promise<JoinServerStore>;
  readonly close: () => void | Promise<void>;
}

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const epochMs = fc.integer({ min: 0, max: 4e12 });
const rootKeys = record({ nwkKey: key, appKey: key });

const sessionFields = record({
  sessionKeyId: bytes(16).map(formatHex),
  joinNonce: uint24,
  origin: fc.constantFrom("join", "rejoin"),
  optNeg: fc.boolean(),
  rjCount0: optional(uint16),
  isProvenInUse: fc.boolean(),
  createdAt: epochMs,
});
const session: fc.Arbitrary<Session> = fc
  .tuple(sessionFields, key, key, key, key)
  .map(([fields, fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey]) => ({
    ...fields,
    keys: fields.optNeg
      ? { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey }
      : { fNwkSIntKey, sNwkSIntKey: fNwkSIntKey, nwkSEncKey: fNwkSIntKey, appSKey },
  }));

const update = record({
  updateId: uint16,
  suite: fc.constantFrom(...ALL_SUITES),
  jsNonce: bytes(3).map(formatHex),
  status: fc.constantFrom("prepared", "accepted", "confirmed", "committed", "failed"),
  reason: optional(
    fc.constantFrom("suite-not-supported", "busy", "wrong-mics", "aborted", "expired"),
  ),
  wrongMics: fc.integer({ min: 0, max: 3 }),
});

/** A device with anything in every field; its version is what the store will say. */
const device: fc.Arbitrary<Device> = fc
  .tuple(
    record({
      devEui: eui64,
      joinEui: eui64,
      macVersion: fc.constantFrom("1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"),
      homeNetId: netId,
      asId: fc.string({ minLength: 1 }),
      suite: fc.constantFrom(...ALL_SUITES),
      minimumUpdatePeriodMs: fc.maxSafeNat(),
    }),
    record({
      createdAt: epochMs,
      joinNonce: uint24,
      lastDevNonce: optional(uint16),
      rjCount1: optional(uint16),
      sessions: fc.array(session, { maxLength: 9 }),
      updateStartedAt: optional(epochMs),
      updateCommittedAt: optional(epochMs),
      lastDevAddr: optional(devAddr),
    }),
    record({
      currentKeys: rootKeys,
      generation: fc.nat(),
      candidateKeys: optional(rootKeys),
      lastUpdateId: uint16,
      update: optional(update),
    }),
  )
  .map(([settings, state, keys]) => {
    const { devEui, joinEui } = settings;
    return { ...settings, ...state, version: 1, rootKeys: { devEui, joinEui, ...keys } } as Device;
  });

const kek = fc
  .constantFrom(16, 24, 32)
  .chain((length) => bytes(length))
  .map(importKek);
const labelledKek = record({ label: fc.string({ minLength: 1 }), kek });
const [anyKek] = fc.sample(labelledKek, 1) as [LabelledKek];
const networkServer: fc.Arbitrary<NetworkServerPeer> = record({
  netId,
  url: optional(fc.webUrl()),
  kek: labelledKek,
});
const applicationServer: fc.Arbitrary<ApplicationServerPeer> = record({
  asId: fc.string({ minLength: 1 }),
  kek: labelledKek,
  appSKeyDelivery: fc.constantFrom("envelope", "session-key-id", "both"),
});

/** Keys as text, since key objects of equal bytes are not deeply equal. */
export function withoutKeyObjects(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_name, member) => {
      if (member === undefined) return "(undefined)";
      const isKey = typeof member === "object" && member !== null && "export" in member;
      return isKey ? formatHex(new Uint8Array((member as Aes128Key).export())) : member;
    }),
  );
}

function assertSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(withoutKeyObjects(actual), withoutKeyObjects(expected));
}

export function anyDevice(changes: Partial<Device> = {}): Device {
  const [made] = fc.sample(device, 1) as [Device];
  return { ...made, ...changes };
}

/** What every store of the Join Server must do, whatever it is made of. */
export function describeStoreContract(
  name: string,
  open: () => StoreUnderTest | Promise<StoreUnderTest>,
): void {
  describe(`store contract: ${name}`, () => {
    let under: StoreUnderTest;
    let store: JoinServerStore;
    before(async () => {
      under = await open();
      store = under.store;
    });
    after(() => under.close());

    async function created(changes: Partial<Device> = {}): Promise<Device> {
      const made = anyDevice(changes);
      assert.equal(await store.createDevice(made), true);
      return (await store.loadDevice(made.devEui)) as Device;
    }
    const nonce = (devNonce: number, of: Device): UsedDevNonce => ({
      joinEui: of.joinEui,
      devNonce,
    });

    it("gives every field of a device back, after creating and after saving", async () => {
      await fc.assert(
        fc.asyncProperty(device, device, async (first, second) => {
          assert.equal(await store.createDevice(first), true);
          assertSame(await store.loadDevice(first.devEui), first);
          const { devEui } = first;
          const next = { ...second, devEui, rootKeys: { ...second.rootKeys, devEui } };
          assert.equal(await store.saveDevice(next), "saved");
          assertSame(await store.loadDevice(devEui), { ...next, version: 2 });
        }),
        { numRuns: 40 },
      );
    });

    it("gives every field of a peer back, and the last one saved", async () => {
      await fc.assert(
        fc.asyncProperty(networkServer, applicationServer, async (ns, as) => {
          await store.saveNetworkServer({ ...ns, url: "http://before", kek: anyKek });
          await store.saveNetworkServer(ns);
          assertSame(await store.loadNetworkServer(ns.netId), ns);
          await store.saveApplicationServer({ ...as, kek: anyKek });
          await store.saveApplicationServer(as);
          assertSame(await store.loadApplicationServer(as.asId), as);
        }),
        { numRuns: 20 },
      );
    });

    it("knows nothing that was not saved", async () => {
      assert.equal(await store.loadDevice("00000000000000aa" as Eui64), undefined);
      assert.equal(await store.loadNetworkServer("ffffff" as never), undefined);
      assert.equal(await store.loadApplicationServer("nobody at all"), undefined);
    });

    it("creates a DevEUI once, and leaves the first as it is", async () => {
      const first = await created();
      assert.equal(await store.createDevice(anyDevice({ devEui: first.devEui })), false);
      assertSame(await store.loadDevice(first.devEui), first);
    });

    it("starts at version 1 and adds 1 with every save", async () => {
      let current = await created();
      for (const version of [1, 2, 3]) {
        assert.equal(current.version, version);
        assert.equal(await store.saveDevice(current), "saved");
        current = (await store.loadDevice(current.devEui)) as Device;
      }
    });

    it("refuses a save from a version that is not the stored one, and of an unknown device", async () => {
      const stored = await created();
      for (const version of [0, 2, 7]) {
        const stale = { ...anyDevice({ devEui: stored.devEui }), version };
        assert.equal(await store.saveDevice(stale), "version-conflict");
      }
      assertSame(await store.loadDevice(stored.devEui), stored);
      assert.equal(await store.saveDevice(anyDevice()), "version-conflict");
    });

    it("lets one of many saves from the same version win", async () => {
      const stored = await created();
      const outcomes = await Promise.all(
        [1, 2, 3, 4].map((joinNonce) => store.saveDevice({ ...stored, joinNonce })),
      );
      assert.deepEqual(outcomes.toSorted(), [
        "saved",
        "version-conflict",
        "version-conflict",
        "version-conflict",
      ]);
      const winner = outcomes.indexOf("saved") + 1;
      assert.equal((await store.loadDevice(stored.devEui))?.joinNonce, winner);
    });

    it("takes a DevNonce once per device and JoinEUI, and then nothing of that save", async () => {
      const stored = await created();
      assert.equal(await store.saveDevice(stored, nonce(7, stored)), "saved");
      const now = (await store.loadDevice(stored.devEui)) as Device;
      const again = { ...now, joinNonce: now.joinNonce ^ 1 };
      assert.equal(await store.saveDevice(again, nonce(7, stored)), "dev-nonce-used");
      assertSame(await store.loadDevice(stored.devEui), now);
      const other = { joinEui: "00000000000000ee" as Eui64, devNonce: 7 };
      assert.equal(await store.saveDevice(now, other), "saved");
      const neighbour = await created({ joinEui: stored.joinEui });
      assert.equal(await store.saveDevice(neighbour, nonce(7, stored)), "saved");
    });

    it("does not use a DevNonce up in a save that it refuses", async () => {
      const stored = await created();
      const stale = { ...stored, version: 9 };
      assert.equal(await store.saveDevice(stale, nonce(8, stored)), "version-conflict");
      assert.equal(await store.saveDevice(stored, nonce(8, stored)), "saved");
    });

    it("lists devices in the order of DevEUI, in pages", async () => {
      for (let count = 0; count < 5; count++) await created();
      const all = await store.listDevices(100_000);
      const order = all.map(({ devEui }) => devEui);
      assert.deepEqual(order, order.toSorted());
      const paged: string[] = [];
      let last: Eui64 | undefined;
      for (;;) {
        const page = await store.listDevices(3, last);
        assert.ok(page.length <= 3);
        paged.push(...page.map(({ devEui }) => devEui));
        last = page.at(-1)?.devEui;
        if (last === undefined) break;
      }
      assert.deepEqual(paged, order);
      const first = all[0] as Device;
      assertSame(first, await store.loadDevice(first.devEui));
    });

    it("gives back keys of its own, equal to those it was given", async () => {
      const made = anyDevice();
      await store.createDevice(made);
      const loaded = (await store.loadDevice(made.devEui)) as Device;
      assert.ok(equalKeys(loaded.rootKeys.currentKeys.nwkKey, made.rootKeys.currentKeys.nwkKey));
      assert.equal(loaded.rootKeys.currentKeys.nwkKey.type, "secret");
    });

    it("finds everything again when it is opened anew", async () => {
      const stored = await created();
      await store.saveDevice(stored, nonce(9, stored));
      const [peer] = fc.sample(networkServer, 1) as [NetworkServerPeer];
      await store.saveNetworkServer(peer);
      const all = await store.listDevices(100_000);
      store = await under.reopen();
      assertSame(await store.listDevices(100_000), all);
      assertSame(await store.loadNetworkServer(peer.netId), peer);
      const again = (await store.loadDevice(stored.devEui)) as Device;
      assert.equal(again.version, 2);
      assert.equal(await store.saveDevice(again, nonce(9, stored)), "dev-nonce-used");
    });
  });
}
