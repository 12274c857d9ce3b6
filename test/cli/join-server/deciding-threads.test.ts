import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DecidingThreads } from "../../../src/cli/join-server/deciding/deciding-threads.ts";
import type { AnsweredJoin, JoinTask } from "../../../src/join-server/joins/joins.ts";
import { LOCK_BYTES } from "../../../src/storage/thread-lock.ts";
import { registrationOf } from "../../support/join-server-rig.ts";
import { captureLog } from "../../support/log-capture.ts";
import { TestDevice } from "../../support/test-device.ts";
import { warrenError } from "../../support/warren-error.ts";
import { metric, RunningJoinServer } from "./support/running-join-server.ts";

const THREADS = 2;
const DEVICES = 24;
const VERSIONS = ["1.0.2", "1.0.4", "1.1.0"] as const;

const readyThreads = ({ logLines }: RunningJoinServer): number =>
  logLines.filter((line) => line.includes('"join-thread-ready"')).length;

test("in a crowd threads decide joins, as the main thread would", async () => {
  const server = await RunningJoinServer.start(
    `joins.threads = ${THREADS}`,
    "limits.device.per_second = 0",
  );
  const devices = Array.from(
    { length: DEVICES },
    (_, index) => new TestDevice(VERSIONS[index % 3] as (typeof VERSIONS)[number]),
  );
  for (const device of devices) await server.register(device);
  let accepted = 0;
  const joinAll = async (): Promise<void> => {
    const results = await Promise.all(devices.map((device) => server.join(device)));
    assert.deepEqual(new Set(results), new Set(["Success"]));
    accepted += results.length;
  };
  await joinAll();
  assert.equal(readyThreads(server), 0);
  while (readyThreads(server) < THREADS) await joinAll();
  for (let wave = 0; wave < 5; wave++) await joinAll();

  // What is refused is refused for the same reasons.
  const counting = devices.filter(({ macVersion }) => macVersion !== "1.0.2");
  const late = counting.map((device) => device.joinRequest());
  await joinAll();
  const results = await Promise.all(counting.map((device, i) => server.join(device, late[i])));
  assert.deepEqual(new Set(results), new Set(["JoinReqFailed"]));
  const replays = server.logLines.filter((line) => line.includes('"dev-nonce-replayed"'));
  assert.equal(replays.length, counting.length);
  const device = devices[0] as TestDevice;
  const wrong = { ...device.joinRequest(), phyPayload: new Uint8Array(23) };
  assert.equal(await server.join(device, wrong), "MalformedRequest");
  // A thread has the device in memory as it was.
  await server.put(`devices/${device.devEui}`, { ...registrationOf(device), isDisabled: true });
  assert.equal(await server.join(device), "ActivationDisallowed");

  const metrics = await server.metrics();
  assert.equal(metric(metrics, `warren_joins_accepted_total{type="join"}`), accepted);
  const saves = metric(
    metrics,
    'warren_store_operation_duration_seconds_count{operation="saveDevice"}',
  );
  assert.ok(saves >= accepted, `${saves} saves of ${accepted} joins`);
  assert.deepEqual(
    server.logLines.filter((line) => /defect|join-thread-ended/.test(line)),
    [],
  );
});

test("when a thread ends, what it had is refused, and the main thread decides until it is there again", async () => {
  const { logger, lines } = captureLog();
  const ofMain = {} as AnsweredJoin;
  const held: PromiseWithResolvers<AnsweredJoin>[] = [];
  const threads = new DecidingThreads({
    count: 1,
    main: {
      answer: () => {
        if (held.length >= 200) return Promise.resolve(ofMain);
        const one = Promise.withResolvers<AnsweredJoin>();
        held.push(one);
        return one.promise;
      },
    },
    settings: {
      storage: { kind: "sqlite", path: "unused" },
      lock: new SharedArrayBuffer(LOCK_BYTES),
      cachedDevices: 0,
    },
    loadDataKeys: () => Promise.resolve([]),
    observer: { took: () => undefined, failed: () => undefined },
    cache: undefined,
    logger,
    module: new URL("./support/ending-thread.ts", import.meta.url),
  });
  const task = { request: { devEui: "0102030405060708" } } as JoinTask;
  const crowd = Array.from({ length: 200 }, () => threads.answer(task));
  const told = (event: string) => lines.filter((line) => line.includes(`"${event}"`)).length;
  for (let time = 1; time <= 2; time++) {
    while (told("join-thread-ready") < time) await sleep(10);
    await assert.rejects(threads.answer(task), warrenError("storage-failed"));
    assert.equal(await threads.answer(task), ofMain);
  }
  for (const one of held) one.resolve(ofMain);
  await Promise.all(crowd);
  await threads.close();
  assert.equal(told("join-thread-ended"), 2);
});
