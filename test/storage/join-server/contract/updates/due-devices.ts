import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Device, generationSince } from "../../../../../src/join-server/device.ts";
import type { DueQuery, StuckQuery } from "../../../../../src/join-server/ports/device-store.ts";
import type { Eui64 } from "../../../../../src/lorawan/identifiers.ts";
import { anyDevice } from "../arbitrary-records.ts";
import { type MakeDatabase, StoreUnderTest } from "../store-under-test.ts";

/** Few values for each field, so that a query finds some and not others. */
function fewValues(index: number): Device {
  const pick = <T>(divisor: number, ...values: [T, ...T[]]): T =>
    values[Math.trunc(index / divisor) % values.length] as T;
  const made = anyDevice({
    devEui: (index * 7919).toString(16).padStart(16, "0") as Eui64,
    deviceProfile: pick(1, "", "meters", "valves"),
    updatePolicy: pick(2, {}, {}, { isHealing: true }),
    isDisabled: index % 11 === 0,
    createdAt: pick(3, 100, 200, 300),
    nwkKeyReplacedAt: undefined,
    updateCommittedAt: pick(4, undefined, 150, 250),
    generationSessions: pick(5, 0, 10, 20),
    updateWanted: pick(2, undefined, undefined, undefined, "tampering"),
    updateNotBefore: pick(3, undefined, undefined, 500, 1_500),
    failedAttempts: pick(7, 0, 0, 3, 5),
    updateStartedAt: pick(2, undefined, 400, 900),
  });
  const status = pick(
    3,
    undefined,
    "prepared" as const,
    "accepted" as const,
    "confirmed" as const,
    "committed" as const,
    "failed" as const,
    undefined,
  );
  const update = {
    ...{ updateId: 1, suite: 1 as const, isHealing: false, jsNonce: "000000" },
    ...{ jsPublicKey: undefined, reason: undefined, wrongMics: 0, fragments: undefined },
  };
  const rootKeys = {
    ...made.rootKeys,
    lastUpdateId: pick(9, 1, 60_000),
    update: status && { ...update, status },
  };
  return { ...made, rootKeys };
}

const UNDER_WAY = ["prepared", "accepted", "confirmed"];
const isUnderWay = ({ rootKeys }: Device) => UNDER_WAY.includes(rootKeys.update?.status ?? "");

/** What the words of the port mean, without a database. */
function isDue(device: Device, query: DueQuery): boolean {
  const { deviceProfile, hasOwnPolicy, generationSinceAtMost, generationSessionsAtLeast } = query;
  const isOfProfile =
    typeof deviceProfile === "string"
      ? device.deviceProfile === deviceProfile
      : !deviceProfile.noneOf.includes(device.deviceProfile);
  const hasReason =
    (generationSinceAtMost !== undefined && generationSince(device) <= generationSinceAtMost) ||
    (generationSessionsAtLeast !== undefined &&
      device.generationSessions >= generationSessionsAtLeast) ||
    (query.isUpdateWanted === true && device.updateWanted !== undefined);
  return (
    isOfProfile &&
    Object.keys(device.updatePolicy).length > 0 === hasOwnPolicy &&
    (hasOwnPolicy || hasReason) &&
    !device.isDisabled &&
    !isUnderWay(device) &&
    (device.updateNotBefore ?? 0) <= query.now
  );
}

function isStuck(device: Device, query: StuckQuery): boolean {
  const { updateStartedAt = Number.POSITIVE_INFINITY } = device;
  return (
    (isUnderWay(device) && updateStartedAt <= (query.startedAtMost ?? -1)) ||
    device.failedAttempts >= (query.failedAttemptsAtLeast ?? Number.POSITIVE_INFINITY) ||
    device.rootKeys.lastUpdateId >= (query.lastUpdateIdAtLeast ?? Number.POSITIVE_INFINITY)
  );
}

const dueQuery = fc.record(
  {
    now: fc.constantFrom(0, 500, 2_000),
    deviceProfile: fc.constantFrom(
      ...["", "meters", "none"],
      ...[{ noneOf: [] }, { noneOf: ["meters"] }, { noneOf: ["meters", "valves", ""] }],
    ),
    hasOwnPolicy: fc.boolean(),
    generationSinceAtMost: fc.constantFrom(50, 150, 200, 400),
    generationSessionsAtLeast: fc.constantFrom(10, 20, 21),
    isUpdateWanted: fc.boolean(),
  },
  { requiredKeys: ["now", "deviceProfile", "hasOwnPolicy"] },
) as fc.Arbitrary<DueQuery>;

const stuckQuery: fc.Arbitrary<StuckQuery> = fc.record(
  {
    startedAtMost: fc.constantFrom(0, 400, 1_000),
    failedAttemptsAtLeast: fc.constantFrom(3, 5, 9),
    lastUpdateIdAtLeast: fc.constantFrom(60_000, 65_000),
  },
  { requiredKeys: [] },
);

export function describeDueDevices(makeDatabase: MakeDatabase): void {
  describe("devices that need an update, or a hand", () => {
    const under = new StoreUnderTest(makeDatabase);
    const devices = Array.from({ length: 120 }, (_, index) => fewValues(index));
    const inOrder = devices.toSorted((a, b) => (a.devEui < b.devEui ? -1 : 1));
    const limit = fc.integer({ min: 1, max: 130 });

    it("are none in an empty database", async () => {
      const query = { now: 0, deviceProfile: "", hasOwnPolicy: true };
      assert.deepEqual(await under.store.findDueDevices(query, 5), []);
      await under.store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
    });

    it("are due as the query says, and a page is full unless it is the last", async () => {
      await fc.assert(
        fc.asyncProperty(dueQuery, limit, async (query, size) => {
          const expected = inOrder.filter((device) => isDue(device, query));
          const found: Eui64[] = [];
          for (;;) {
            const page = await under.store.findDueDevices(query, size, found.at(-1));
            found.push(...page);
            if (page.length < size) break;
            assert.equal(page.length, size);
          }
          assert.deepEqual(
            found,
            expected.map(({ devEui }) => devEui),
          );
        }),
        { numRuns: 60 },
      );
    });

    it("are due for no reason when no reason is asked for", async () => {
      const query = { now: 9e12, deviceProfile: { noneOf: [] }, hasOwnPolicy: false };
      assert.deepEqual(await under.store.findDueDevices(query, 500), []);
    });

    it("are stuck as the query says", async () => {
      await fc.assert(
        fc.asyncProperty(stuckQuery, limit, async (query, size) => {
          const found: Eui64[] = [];
          let after: Eui64 | undefined;
          do {
            const page = await under.store.findStuckDevices(query, size, after);
            assert.ok(page.devEuis.length <= size);
            found.push(...page.devEuis);
            after = page.next;
          } while (after !== undefined);
          assert.deepEqual(
            found,
            inOrder.filter((device) => isStuck(device, query)).map(({ devEui }) => devEui),
          );
        }),
        { numRuns: 40 },
      );
    });

    it("are as old as their keys after a change of them", async () => {
      const [one] = inOrder as [Device];
      const clean = { isDisabled: false, updateNotBefore: undefined, updatePolicy: {} };
      const rootKeys = { ...one.rootKeys, update: undefined };
      const aged = { ...one, ...clean, rootKeys, deviceProfile: "one" };
      const query = { now: 9e12, deviceProfile: "one", hasOwnPolicy: false };
      await under.store.saveDevice({ ...aged, nwkKeyReplacedAt: 5_000 });
      const dueAt = (generationSinceAtMost: number) =>
        under.store.findDueDevices({ ...query, generationSinceAtMost }, 5);
      assert.deepEqual(await dueAt(4_999), []);
      assert.deepEqual(await dueAt(5_000), [one.devEui]);
      const replaced = { ...aged, version: 2, nwkKeyReplacedAt: 5_000, updateCommittedAt: 6_000 };
      await under.store.saveDevice(replaced);
      assert.deepEqual(await dueAt(5_999), []);
      assert.deepEqual(await dueAt(6_000), [one.devEui]);
      await under.store.saveDevice({ ...replaced, version: 3, generationSessions: 77 });
      const bySessions = { ...query, generationSessionsAtLeast: 77 };
      assert.deepEqual(await under.store.findDueDevices(bySessions, 5), [one.devEui]);
    });
  });
}
