import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import fc from "fast-check";
import { type Device, generationSince } from "../../../../src/join-server/device.ts";
import type { DeviceSummary } from "../../../../src/join-server/device-summary.ts";
import type { DeviceQuery } from "../../../../src/join-server/ports/device-store.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import { anyDevice, assertSame, sampleOf, session } from "./arbitrary-records.ts";
import { type MakeDatabase, StoreUnderTest } from "./store-under-test.ts";

const UPDATE = {
  ...{ updateId: 1, suite: 1, isHealing: false, jsNonce: "000000", jsPublicKey: undefined },
  ...{ reason: undefined, wrongMics: 0, fragments: undefined },
};

/** Few values for each field, so that a query finds some and not others. */
function fewValues(index: number): Device {
  const pick = <T>(...values: [T, ...T[]]): T => values[Math.trunc(index / 3) % values.length] as T;
  const made = anyDevice({
    devEui:
      `${index % 2 === 0 ? "aa" : "bb"}${(index * 7919).toString(16).padStart(14, "0")}` as Eui64,
    joinEui: `000000000000000${index % 3}` as Eui64,
    homeNetId: `00000${index % 5}` as never,
    asId: `as-${index % 2}`,
    macVersion: pick("1.0.3", "1.1.0"),
    name: pick("", "Zähler im Hof", "100%_meter"),
    description: pick("", "", "NEBEN DER TÜR"),
    tags: pick({}, { serial: `SN-${index}` }),
    isDisabled: index % 4 === 0,
  });
  const status = pick(undefined, "prepared" as const, "committed" as const, "failed" as const);
  const update = status && ({ ...UPDATE, status } as NonNullable<Device["rootKeys"]["update"]>);
  return { ...made, rootKeys: { ...made.rootKeys, generation: index % 3, update } };
}

const one = fc.constantFrom;
/** Values for each member, of which some find nothing. */
const members = {
  devEuiPrefix: one("a", "AA", "bb0", "bb000000000000", "c", ""),
  joinEui: one("0000000000000000", "0000000000000002", "00000000000000ff"),
  homeNetId: one("000001", "000004"),
  deviceProfile: one("", "meters", "Meters"),
  asId: one("as-0", "as-1", "AS-1"),
  macVersion: one("1.0.3", "1.1.0", "1.0.4"),
  generation: one(0, 1, 9),
  generationAtMost: one(0, 1, 9),
  updateStatus: one("prepared", "committed", "accepted"),
  isDisabled: one(true, false),
  text: one("zähler", "TÜR", "sn-1", "%", "_", "'", "100%_M", ""),
};
/** Of many conditions nearly all find nothing. */
const query = fc
  .subarray(Object.keys(members) as (keyof typeof members)[], { maxLength: 3 })
  .chain((names) =>
    fc.record(
      Object.fromEntries(names.map((name) => [name, members[name] as fc.Arbitrary<unknown>])),
    ),
  ) as fc.Arbitrary<DeviceQuery>;

/** What the words of the port mean, without a database. */
function matches(device: Device, wanted: DeviceQuery): boolean {
  const texts = [device.name, device.description, ...Object.values(device.tags)];
  const text = wanted.text?.toLowerCase();
  const equal = <T>(value: T, asked: T | undefined) => asked === undefined || value === asked;
  return (
    device.devEui.startsWith(wanted.devEuiPrefix?.toLowerCase() ?? "") &&
    equal(device.joinEui, wanted.joinEui) &&
    equal(device.homeNetId, wanted.homeNetId) &&
    equal(device.asId, wanted.asId) &&
    equal(device.deviceProfile, wanted.deviceProfile) &&
    equal(device.macVersion, wanted.macVersion) &&
    equal(device.rootKeys.generation, wanted.generation) &&
    device.rootKeys.generation <= (wanted.generationAtMost ?? 9) &&
    equal(device.rootKeys.update?.status, wanted.updateStatus) &&
    equal(device.isDisabled, wanted.isDisabled) &&
    (text === undefined || texts.some((one) => one.toLowerCase().includes(text)))
  );
}

/** What the words of the port mean, without a database. */
function summaryOf(device: Device): DeviceSummary {
  const { devEui, joinEui, macVersion, homeNetId, asId, deviceProfile, name } = device;
  const { isDisabled, createdAt, version, joinNonce, lastDevAddr, failedAttempts } = device;
  const { generation, update } = device.rootKeys;
  return {
    ...{ devEui, joinEui, macVersion, homeNetId, asId, deviceProfile, name },
    ...{ isDisabled, createdAt, version, joinNonce, lastDevAddr, failedAttempts, generation },
    generationSince: generationSince(device),
    lastJoinAt: device.sessions[0]?.createdAt,
    update: update && {
      ...{ updateId: update.updateId, status: update.status, reason: update.reason },
      startedAt: device.updateStartedAt,
    },
  };
}

export function describeDeviceSearch(makeDatabase: MakeDatabase): void {
  describe("a search for devices", () => {
    const under = new StoreUnderTest(makeDatabase);
    const devices = Array.from({ length: 60 }, (_, index) => fewValues(index));
    const inOrder = devices.toSorted((a, b) => (a.devEui < b.devEui ? -1 : 1));

    async function pagesOf(wanted: DeviceQuery, limit: number): Promise<Device[]> {
      const found: Device[] = [];
      let after: Eui64 | undefined;
      do {
        const page = await under.store.findDevices(wanted, limit, after);
        assert.ok(page.devices.length <= limit);
        found.push(...page.devices);
        after = page.next;
      } while (after !== undefined);
      return found;
    }

    async function summariesOf(wanted: DeviceQuery, limit: number): Promise<DeviceSummary[]> {
      const found: DeviceSummary[] = [];
      let after: Eui64 | undefined;
      do {
        const page = await under.store.findDeviceSummaries(wanted, limit, after);
        assert.ok(page.devices.length <= limit);
        found.push(...page.devices);
        after = page.next;
      } while (after !== undefined);
      return found;
    }

    async function devEuisOf(wanted: DeviceQuery, limit: number): Promise<Eui64[]> {
      const found: Eui64[] = [];
      let after: Eui64 | undefined;
      do {
        const page = await under.store.findDevEuis(wanted, limit, after);
        assert.ok(page.devEuis.length <= limit);
        found.push(...page.devEuis);
        after = page.next;
      } while (after !== undefined);
      return found;
    }

    it("finds nothing in an empty database", async () => {
      const nothing = { devices: [], next: undefined };
      assert.deepEqual(await under.store.findDevices({}, 10), nothing);
      assert.deepEqual(await under.store.findDevices({ asId: "as-0" }, 10), nothing);
      assert.equal(await under.store.countDevices(), 0);
    });

    it("finds all, in the order of DevEUI, page by page", async () => {
      await under.store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
      assert.equal(await under.store.countDevices(), devices.length);
      for (const limit of [1, 7, 60, 100]) assertSame(await pagesOf({}, limit), inOrder);
    });

    it("says nothing of a next page when this one ends with the last", async () => {
      assert.equal((await under.store.findDevices({}, devices.length)).next, undefined);
      const { next } = await under.store.findDevices({}, devices.length - 1);
      assert.equal(next, inOrder.at(-2)?.devEui);
    });

    it("finds what matches every member of the query and nothing else", async () => {
      await fc.assert(
        fc.asyncProperty(query, fc.integer({ min: 1, max: 70 }), async (wanted, limit) => {
          const expected = inOrder.filter((device) => matches(device, wanted));
          const found = await pagesOf(wanted, limit);
          const devEuis = expected.map(({ devEui }) => devEui);
          assert.deepEqual(
            found.map(({ devEui }) => devEui),
            devEuis,
          );
          assert.deepEqual(await devEuisOf(wanted, limit), devEuis);
          assert.deepEqual(await summariesOf(wanted, limit), expected.map(summaryOf));
        }),
        { numRuns: 60 },
      );
    });

    it("opens no key for summaries", async () => {
      const vault = under.keyring.openVault();
      const store = await under.openAnother(vault);
      mock.method(vault, "open", () => assert.fail("a key was opened"));
      await assert.rejects(store.findDevices({}, 100));
      assert.equal((await store.findDeviceSummaries({}, 100)).devices.length, devices.length);
    });

    it("sees a changed device as it is now", async () => {
      const [first] = inOrder as [Device];
      const isDisabled = !first.isDisabled;
      await under.store.saveDevice({ ...first, name: "Renamed", isDisabled });
      const { devices: found } = await under.store.findDevices({ text: "renAMED", isDisabled }, 5);
      assert.deepEqual(
        found.map(({ devEui, name, version }) => ({ devEui, name, version })),
        [{ devEui: first.devEui, name: "Renamed", version: 2 }],
      );
    });

    it("sees the newest session in a summary, and that there is none", async () => {
      const { devEui } = inOrder[1] as Device;
      for (const sessions of [[sampleOf(session), sampleOf(session)], [], [sampleOf(session)]]) {
        await under.store.saveDevice({ ...(await under.loaded(devEui)), sessions });
        const { devices: found } = await under.store.findDeviceSummaries(
          { devEuiPrefix: devEui },
          1,
        );
        assert.deepEqual(found, [summaryOf(await under.loaded(devEui))]);
        assert.equal(found[0]?.lastJoinAt, sessions[0]?.createdAt);
      }
    });
  });
}
