import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  Campaign,
  CampaignMember,
} from "../../../../../src/join-server/campaigns/campaign.ts";
import type { Device } from "../../../../../src/join-server/device.ts";
import type { Eui64 } from "../../../../../src/lorawan/identifiers.ts";
import type { UpdateStatus } from "../../../../../src/root-key/server-state.ts";
import { anyDevice, auditEvent } from "../arbitrary-records.ts";
import { type MakeDatabase, StoreUnderTest } from "../store-under-test.ts";
import { aCampaign, aMember, euiOf } from "./campaign-records.ts";

export function describeCampaigns(makeDatabase: MakeDatabase): void {
  describe("campaigns", () => {
    const under = new StoreUnderTest(makeDatabase);

    async function created(changes: Partial<Campaign> = {}): Promise<Campaign> {
      const campaign = aCampaign(changes);
      assert.equal(await under.store.createCampaign(campaign), true);
      return campaign;
    }

    it("come back with every field, and none is created twice", async () => {
      const first = await created({ pauseReason: "too-many-failures", endedAt: 7 });
      assert.deepEqual(await under.store.loadCampaign(first.id), first);
      const twin = aCampaign({ id: first.id, createdBy: "another" });
      assert.equal(await under.store.createCampaign(twin, auditEvent({ action: "twin" })), false);
      assert.deepEqual(await under.store.loadCampaign(first.id), first);
      assert.equal(await under.store.loadCampaign("00000000000000aa"), undefined);
      const actions = (await under.store.readAudit(0, 10)).map(({ action }) => action);
      assert.ok(!actions.includes("twin"));
    });

    it("are listed newest first", async () => {
      const ids = [];
      for (const createdAt of [5e12, 7e12, 6e12]) ids.push((await created({ createdAt })).id);
      const listed = (await under.store.listCampaigns()).map(({ id }) => id);
      assert.deepEqual(listed.slice(0, 3), [ids[1], ids[2], ids[0]]);
    });

    it("are saved by one of many saves from the same version", async () => {
      const campaign = await created();
      const stores = [under.store, await under.openAnother()];
      const saved = await Promise.all(
        [1, 2, 3, 4].map((startedAt) =>
          (stores[startedAt % 2] as typeof under.store).saveCampaign({ ...campaign, startedAt }),
        ),
      );
      assert.deepEqual(saved.toSorted(), [false, false, false, true]);
      const winner = saved.indexOf(true) + 1;
      const expected = { ...campaign, startedAt: winner, version: campaign.version + 1 };
      assert.deepEqual(await under.store.loadCampaign(campaign.id), expected);
    });

    it("are deleted with their members and no others", async () => {
      const [one, other] = [await created(), await created()];
      for (const { id } of [one, other]) await under.store.addMembers(id, [aMember(1)]);
      assert.equal(await under.store.deleteCampaign(one.id), true);
      assert.equal(await under.store.deleteCampaign(one.id), false);
      assert.equal(await under.store.loadMember(one.id, euiOf(1)), undefined);
      assert.equal((await under.store.countMembers(one.id)).waiting, 0);
      assert.deepEqual(await under.store.loadMember(other.id, euiOf(1)), aMember(1));
    });

    it("are leased by one owner at a time, until it is over or given back", async () => {
      const { id, version } = await created();
      const lease = (owner: string, now: number, until: number) =>
        under.store.leaseCampaign(id, owner, { now, until });
      assert.equal(await lease("a", 0, 100), true);
      assert.equal(await lease("b", 50, 150), false);
      assert.equal(await lease("b", 99, 150), false);
      assert.equal(await lease("a", 60, 160), true);
      assert.equal(await lease("b", 100, 200), false);
      assert.equal(await lease("b", 160, 260), true);
      await under.store.releaseCampaign(id, "a");
      assert.equal(await lease("a", 170, 270), false);
      await under.store.releaseCampaign(id, "b");
      assert.equal(await lease("a", 170, 270), true);
      assert.equal(
        await under.store.leaseCampaign("00000000000000ab", "a", { now: 0, until: 1 }),
        false,
      );
      assert.equal((await under.store.loadCampaign(id))?.version, version);
    });

    it("take the places of who has the lease only, where somebody says who saves", async () => {
      const { id } = await created();
      await under.store.addMembers(id, [aMember(1)]);
      const changed = { ...aMember(1), attempts: 5 };
      const save = (owner?: string) => under.store.saveMembers(id, [changed], owner);
      assert.equal(await save("a"), false);
      await under.store.leaseCampaign(id, "a", { now: 0, until: 100 });
      assert.equal(await save("b"), false);
      assert.deepEqual(await under.store.loadMember(id, euiOf(1)), aMember(1));
      assert.equal(await save("a"), true);
      assert.deepEqual(await under.store.loadMember(id, euiOf(1)), changed);
      assert.equal(await save(), true);
    });

    it("are not held by a lease of a clock that was years ahead", async () => {
      const { id } = await created();
      const day = 24 * 60 * 60 * 1000;
      const lease = (owner: string, now: number) =>
        under.store.leaseCampaign(id, owner, { now, until: now + 30_000 });
      assert.equal(await lease("a", 1_000 * day), true);
      assert.equal(await lease("b", 1_000 * day - 60_000), false, "clocks differ by a little");
      assert.equal(await lease("b", 900 * day), true);
      assert.equal(await lease("c", 900 * day), false);
    });

    it("are leased by one of many that ask at once", async () => {
      const { id } = await created();
      const another = await under.openAnother();
      const granted = await Promise.all(
        ["a", "b", "c", "d"].map((owner, index) =>
          (index % 2 === 0 ? under.store : another).leaseCampaign(id, owner, { now: 0, until: 9 }),
        ),
      );
      assert.equal(granted.filter(Boolean).length, 1);
    });
  });

  describe("members of a campaign", () => {
    const under = new StoreUnderTest(makeDatabase);
    const [ID, OTHER] = ["0000000000000001", "0000000000000002"] as const;
    const members = Array.from({ length: 40 }, (_, index) => aMember(index));
    const idsOf = (found: readonly CampaignMember[]) => found.map(({ devEui }) => devEui);
    const find = (...args: [Parameters<typeof under.store.findMembers>[1], number, Eui64?]) =>
      under.store.findMembers(ID, ...args);

    it("are added once, and stay as they are", async () => {
      await under.store.createCampaign(aCampaign({ id: ID }));
      await under.store.createCampaign(aCampaign({ id: OTHER }));
      await under.store.addMembers(ID, members.slice(0, 25));
      await under.store.addMembers(
        ID,
        members.map((member) => ({ ...member, attempts: member.attempts + 100 })).slice(0, 30),
      );
      await under.store.addMembers(ID, members.slice(25));
      await under.store.addMembers(ID, []);
      await under.store.addMembers(OTHER, members.slice(3, 4));
      const expected = members.map((member, index) =>
        index < 25 || index >= 30 ? member : { ...member, attempts: member.attempts + 100 },
      );
      assert.deepEqual(await find({}, 100), expected);
      await under.store.saveMembers(ID, members);
      assert.deepEqual(await find({}, 100), members);
    });

    it("are found as the query says", async () => {
      const queries = [
        {},
        { states: ["waiting"] as const },
        { states: ["failed", "skipped"] as const },
        { states: [] },
        { isCanary: true },
        { isCanary: false, states: ["waiting"] as const },
        { dueAt: 5_000 },
        { dueAt: 5_000, states: ["waiting"] as const, isCanary: false },
        { dueAt: -1 },
      ];
      for (const query of queries) {
        const expected = members.filter(
          (member) =>
            (query.states?.includes(member.state as never) ?? true) &&
            member.isCanary === (query.isCanary ?? member.isCanary) &&
            member.nextAttemptAt <= (query.dueAt ?? Number.POSITIVE_INFINITY),
        );
        if (query.dueAt !== undefined) {
          expected.sort(
            (a, b) => a.nextAttemptAt - b.nextAttemptAt || (a.devEui < b.devEui ? -1 : 1),
          );
        }
        assert.deepEqual(await find(query, 100), expected, JSON.stringify(query));
        assert.deepEqual(await find(query, 3), expected.slice(0, 3), JSON.stringify(query));
      }
      assert.deepEqual(
        idsOf(await find({}, 2, euiOf(4))),
        [5, 6].map((index) => euiOf(index)),
      );
    });

    it("are counted by state and by reason", async () => {
      const counts = { waiting: 0, "under-way": 0, updated: 0, failed: 0, skipped: 0 };
      for (const { state } of members) counts[state] += 1;
      assert.deepEqual(await under.store.countMembers(ID), counts);
      const reasons = new Map<string, number>();
      for (const { state, reason } of members) {
        if (reason !== undefined) {
          reasons.set(`${state} ${reason}`, (reasons.get(`${state} ${reason}`) ?? 0) + 1);
        }
      }
      const counted = await under.store.countReasons(ID);
      assert.deepEqual(
        new Map(counted.map(({ state, reason, count }) => [`${state} ${reason}`, count])),
        reasons,
      );
      const numbers = counted.map(({ count }) => count);
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => b - a),
      );
    });

    it("of which many fail for reasons of their own are counted by the most frequent ones", async () => {
      const many = Array.from({ length: 70 }, (_, index) => ({
        ...aMember(index),
        reason: index < 3 ? "often" : `reason-${index}`,
      }));
      await under.store.createCampaign(aCampaign({ id: "0000000000000003" }));
      await under.store.addMembers(
        "0000000000000003",
        many.map((one) => ({ ...one, state: "failed" })),
      );
      const counted = await under.store.countReasons("0000000000000003");
      assert.equal(counted.length, 64);
      assert.deepEqual(counted[0], { state: "failed", reason: "often", count: 3 });
    });

    it("are changed in one campaign alone, and one that is none stays none", async () => {
      const changed = { ...(members[3] as CampaignMember), state: "failed" as const, reason: "x" };
      await under.store.saveMembers(ID, [changed, aMember(99)]);
      assert.deepEqual(await under.store.loadMember(ID, changed.devEui), changed);
      assert.deepEqual(await under.store.loadMember(OTHER, changed.devEui), members[3]);
      assert.equal(await under.store.loadMember(ID, euiOf(99)), undefined);
    });

    it("go with their device, from every campaign", async () => {
      const device = await under.created();
      const member = { ...aMember(0), devEui: device.devEui };
      for (const id of [ID, OTHER]) await under.store.addMembers(id, [member]);
      await under.store.deleteDevice(device.devEui);
      for (const id of [ID, OTHER]) {
        assert.equal(await under.store.loadMember(id, device.devEui), undefined);
      }
    });
  });

  describe("members under way", () => {
    const under = new StoreUnderTest(makeDatabase);
    const ID = "0000000000000001";

    function deviceWith(index: number, status: UpdateStatus | undefined, updateId: number): Device {
      const made = anyDevice({ devEui: euiOf(index) });
      const update = {
        ...{ updateId, suite: 1 as const, isHealing: false, jsNonce: "000000" },
        ...{ jsPublicKey: undefined, reason: undefined, wrongMics: 0, fragments: undefined },
      };
      const rootKeys = {
        ...made.rootKeys,
        lastUpdateId: updateId,
        update: status && { ...update, status },
      };
      return { ...made, rootKeys };
    }

    it("are over when their device has no such attempt under way, or is no more", async () => {
      const devices = [
        deviceWith(1, "prepared", 5),
        deviceWith(2, "accepted", 5),
        deviceWith(3, "confirmed", 5),
        deviceWith(4, "committed", 5),
        deviceWith(5, "failed", 5),
        deviceWith(6, "prepared", 6),
        deviceWith(7, undefined, 5),
        deviceWith(8, "failed", 5),
      ];
      await under.store.createDevices(devices.map((device) => ({ device, usedDevNonces: [] })));
      await under.store.createCampaign(aCampaign({ id: ID }));
      const member = (index: number): CampaignMember => ({
        ...aMember(index),
        state: index === 8 ? "failed" : "under-way",
        updateId: 5,
      });
      await under.store.addMembers(ID, [9, 8, 7, 6, 5, 4, 3, 2, 1].map(member));
      const find = (limit: number, after?: Eui64) => under.store.findOverMembers(ID, limit, after);
      const all = { members: [4, 5, 6, 7, 9].map(member), next: undefined };
      assert.deepEqual(await find(10), all);
      assert.deepEqual(await find(2), { members: [4, 5].map(member), next: euiOf(5) });
      assert.deepEqual(await find(3, euiOf(5)), {
        members: [6, 7, 9].map(member),
        next: euiOf(9),
      });
      const none = { members: [], next: undefined };
      assert.deepEqual(await find(3, euiOf(9)), none);
      assert.deepEqual(await under.store.findOverMembers("0000000000000002", 2), none);
    });

    it("are found among more than one look is worth", async () => {
      const id = "0000000000000002";
      const over = [1_099, 2_099, 10_500];
      const indices = Array.from({ length: 10_500 }, (_, index) => 100 + index);
      await under.store.createCampaign(aCampaign({ id }));
      await under.store.createDevices(
        indices.map((index) => ({
          device: deviceWith(index, over.includes(index) ? "committed" : "accepted", 1),
          usedDevNonces: [],
        })),
      );
      await under.store.addMembers(
        id,
        indices.map((index) => ({ ...aMember(index), state: "under-way", updateId: 1 })),
      );
      const first = await under.store.findOverMembers(id, 10);
      assert.deepEqual(
        first.members.map(({ devEui }) => devEui),
        [1_099, 2_099].map((index) => euiOf(index)),
      );
      assert.equal(first.next, euiOf(10_099));
      const second = await under.store.findOverMembers(id, 10, first.next);
      assert.deepEqual(
        second.members.map(({ devEui }) => devEui),
        [euiOf(10_500)],
      );
      assert.equal(second.next, undefined);
    });
  });
}
