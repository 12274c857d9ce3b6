import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { UpdateWorkers } from "../../../src/cli/join-server/update-workers.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { PolicyBook } from "../../../src/join-server/policies/policy-book.ts";
import { joined, startByOperator } from "../../join-server/root-key-updates/support.ts";
import { JoinServerRig, NET_ID } from "../../support/join-server-rig.ts";

const DAY_MS = 86_400_000;
const SWEEP_MS = 100;

it("the workers of a Join Server see to expiry, policies and campaigns, until they are closed", async () => {
  const rig = await JoinServerRig.start();
  await rig.call("PATCH", `network-servers/${NET_ID}`, { url: "http://127.0.0.1:9/" });
  await rig.put("update-policy", { maxAgeMs: DAY_MS });
  const ofNoPolicy = { updatePolicy: { maxAgeMs: null } };
  const expiring = await joined(rig, ofNoPolicy);
  await startByOperator(rig, expiring);
  const aged = await joined(rig);
  const listed = await joined(rig, ofNoPolicy);
  rig.clock.time += DAY_MS;
  const { body: campaign } = await rig.call("POST", "campaigns", {
    devEuis: [listed.devEui],
    canaryShare: 0,
  });
  const { store, clock, updates: starter } = rig;
  const { logger } = rig.log;
  const workers = new UpdateWorkers({
    ...{ store, starter, clock, logger },
    policies: new PolicyBook({ store, clock, logger }),
    updatePolicy: {
      expiryMs: DAY_MS,
      attemptPeriodMs: 0,
      allowRabbitSplit: false,
      shortestPeriodMs: 0,
    },
    schedule: { sweepMs: SWEEP_MS, startsPerMinute: 60_000 },
    randomBytes: systemRandomBytes,
    events: { publish: (event) => rig.events.push(event) },
  });
  const told = () =>
    new Set(rig.events.map(({ kind, devEui, reason }) => `${kind} ${devEui} ${reason}`));
  const wanted = [
    `update-failed ${expiring.devEui} expired`,
    `update-started ${aged.devEui} policy:age`,
    `update-started ${listed.devEui} campaign`,
  ];
  workers.start();
  for (let waited = 0; !told().isSupersetOf(new Set(wanted)); waited += 50) {
    assert.ok(waited < 20_000, `${wanted} of ${[...told()]}`);
    await sleep(50);
    clock.time += 500;
  }
  await workers.close();
  const until = clock.now() + 1_000;
  assert.ok(
    await store.leaseCampaign(campaign["id"] as string, "another", { now: clock.now(), until }),
  );
  const late = await joined(rig);
  clock.time += 2 * DAY_MS;
  const before = rig.events.length;
  await sleep(5 * SWEEP_MS);
  assert.equal(rig.events.length, before, `nobody looks at ${late.devEui} any more`);
});
