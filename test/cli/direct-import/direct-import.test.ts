import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { verifyChain } from "../../../src/join-server/audit/audit-chain.ts";
import type { Device } from "../../../src/join-server/device.ts";
import { openJoinServerStorage } from "../../../src/storage/join-server/open-storage.ts";
import { openVault } from "../../../src/vault/open-vault.ts";
import { devEuiOf, JoinServerFolder, rootKeyOf } from "../../vault/support/join-server-folder.ts";
import { JoinServerProcess } from "../client/support.ts";
import { runWarren } from "../support/warren.ts";

const MAIN = fileURLToPath(new URL("../../../src/cli/main.ts", import.meta.url));

interface Result {
  readonly created: number;
  readonly unchanged: number;
  readonly different: number;
  readonly error: number;
  readonly isStarted: boolean;
  readonly problems: { readonly line: number; readonly code?: string; readonly message: string }[];
}

/** Devices `from` to `to - 1`, whose keys `rootKeyOf` gives; every third has all that a file can say. */
function linesOf(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => lineOf(from + index)).join("");
}

function lineOf(number: number, more: object = {}): string {
  const device = {
    devEui: devEuiOf(number),
    joinEui: "70b3d57ed0000001",
    macVersion: ["1.0.4", "1.0.2", "1.1"][number % 3],
    nwkKey: rootKeyOf(number).export().toString("hex"),
    homeNetId: "000001",
    asId: "as",
    name: `meter ${number}`,
    ...(number % 3 === 1 && { usedDevNonces: { "70b3d57ed0000001": [5, 6] }, tags: { a: "Ä" } }),
    ...(number % 3 === 2 && {
      appKey: rootKeyOf(number + 1e6)
        .export()
        .toString("hex"),
      joinNonce: 7,
      lastDevNonce: 8,
      rjCount1: 9,
      generation: 2,
      lastUpdateId: 3,
    }),
    ...more,
  };
  return `${JSON.stringify(device)}\n`;
}

async function importInto(folder: JoinServerFolder, text: string, ...args: string[]) {
  const file = join(folder.path, "devices.jsonl");
  writeFileSync(file, text);
  const outcome = await runWarren(
    "import",
    file,
    "--direct",
    "--data",
    folder.path,
    "--json",
    ...args,
  );
  assert.notEqual(outcome.stdout, "", outcome.stderr);
  return { status: outcome.status, ...(JSON.parse(outcome.stdout) as Result) };
}

/** Everything on record of each device but the time it was made, keys as hex; and the audit log. */
async function contentsOf({ path }: { readonly path: string }) {
  const store = await openJoinServerStorage(
    { kind: "sqlite", path: join(path, "join-server.db") },
    (keys) => openVault({ kind: "file", path: join(path, "master-keys") }, keys, { now: Date.now }),
  );
  try {
    const devices: unknown[] = [];
    let after: Device["devEui"] | undefined;
    do {
      const page = await store.findDevices({}, 1000, after);
      for (const { createdAt: _, rootKeys, ...device } of page.devices) {
        const { nwkKey, appKey } = rootKeys.currentKeys;
        const keys = [nwkKey, appKey].map((key) => key.export().toString("hex"));
        const used = await store.listUsedDevNonces(device.devEui);
        devices.push({ ...device, ...rootKeys, currentKeys: keys, used });
      }
      after = page.next;
    } while (after !== undefined);
    assert.equal(await store.countDevices(), devices.length);
    const audit = await store.readAudit(0, 100_000);
    assert.ok(verifyChain(audit).isIntact);
    return { devices, audit };
  } finally {
    await store.close();
  }
}

async function emptyFolder(): Promise<JoinServerFolder> {
  const folder = new JoinServerFolder();
  await folder.addDevices(0);
  return folder;
}

describe("warren import --direct", () => {
  const server = new JoinServerProcess();

  it("makes the same devices as the server does, and records who made them", async () => {
    const folder = await emptyFolder();
    const text = linesOf(0, 1300);
    const result = await importInto(folder, text);
    assert.deepEqual([result.status, result.created, result.error], [0, 1300, 0]);
    const sent = await server.json<Result>("import", server.file("devices.jsonl", text));
    assert.equal(sent.created, 1300);
    const direct = await contentsOf(folder);
    const served = await contentsOf({ path: server.path("data") });
    assert.deepEqual(direct.devices, served.devices);
    const entries = direct.audit.filter(({ action }) => action === "device.create");
    assert.deepEqual(new Set(entries.map(({ actor }) => actor)), new Set(["cli"]));
    const named = entries.flatMap(({ details }) => details["devEuis"] as string[]);
    assert.deepEqual(
      named.toSorted(),
      Array.from({ length: 1300 }, (_, number) => devEuiOf(number)),
    );
    const again = await importInto(folder, text);
    assert.deepEqual([again.status, again.created, again.unchanged], [0, 0, 1300]);
  });

  it("writes nothing while there is an error anywhere, and names each in the order of the file", async () => {
    const folder = await emptyFolder();
    const text = `${linesOf(0, 700)}${lineOf(700, { nwkKey: "12" })}${lineOf(3)}${linesOf(701, 1400)}{"devEui"\n`;
    const refused = await importInto(folder, text);
    assert.deepEqual([refused.status, refused.isStarted, refused.error], [1, false, 3]);
    assert.deepEqual(
      refused.problems.map(({ line, code }) => [line, code]),
      [
        [701, "text-malformed"],
        [702, "write-conflict"],
        [1402, "text-malformed"],
      ],
    );
    assert.match(refused.problems[1]?.message ?? "", /^record 4 has the same DevEUI/);
    assert.equal((await contentsOf(folder)).devices.length, 0);
    const dry = await importInto(folder, text, "--skip-errors", "--dry-run");
    assert.equal(dry.created, 1399);
    assert.equal((await contentsOf(folder)).devices.length, 0);
    const skipped = await importInto(folder, text, "--skip-errors");
    assert.deepEqual([skipped.status, skipped.created, skipped.different], [1, 1399, 0]);
    assert.equal((await contentsOf(folder)).devices.length, 1399);
  });

  it("leaves a device with other settings as it is, and says so", async () => {
    const folder = await emptyFolder();
    await importInto(folder, linesOf(0, 3));
    const result = await importInto(folder, `${linesOf(0, 1)}${lineOf(1, { name: "other" })}`);
    assert.deepEqual([result.status, result.unchanged, result.different], [1, 1, 1]);
    assert.equal(result.problems[0]?.line, 2);
  });

  it("refuses what only a server can import, and a database that is not there", async () => {
    const folder = await emptyFolder();
    const file = join(folder.path, "codes.txt");
    writeFileSync(file, "LW:D0:70B3D57ED0000002:0102030405060708:00FA0001\n");
    const codes = await runWarren("import", file, "--direct", "--data", folder.path);
    assert.deepEqual([codes.status, /QR codes/.test(codes.stderr)], [1, true]);
    const nowhere = join(folder.path, "nowhere");
    writeFileSync(file, linesOf(0, 1));
    const missing = await runWarren("import", file, "--direct", "--data", nowhere);
    assert.deepEqual([missing.status, /there is no database/.test(missing.stderr)], [1, true]);
    const indirect = await runWarren("import", file, "--data", folder.path);
    assert.deepEqual([indirect.status, /only --direct/.test(indirect.stderr)], [1, true]);
  });

  it("goes on after it was killed or stopped, while devices join and keys are rotated", async () => {
    const count = 9_000;
    const folder = new JoinServerFolder();
    await folder.addDevices(5);
    const file = join(folder.path, "devices.jsonl");
    writeFileSync(file, linesOf(5, count));
    const store = await folder.open();
    const start = () =>
      spawn(process.execPath, [MAIN, "import", file, "--direct", "--data", folder.path], {
        stdio: ["ignore", "pipe", "pipe"],
      });
    let joins = 0;
    const join_ = async () => {
      const device = (await store.loadDevice(devEuiOf(joins % 5))) ?? assert.fail();
      assert.equal(await store.saveDevice({ ...device, joinNonce: device.joinNonce + 1 }), "saved");
      joins++;
      await sleep(1);
    };
    /** Joins go on until there are so many devices; then the signal is sent. */
    const signalAt = async (devices: number, child: ChildProcess, signal: NodeJS.Signals) => {
      const ended = once(child, "close");
      while (child.exitCode === null && (await store.countDevices()) < devices) await join_();
      child.kill(signal);
      await ended;
    };
    const killed = start();
    await signalAt(1000, killed, "SIGKILL");
    assert.equal(killed.signalCode, "SIGKILL");
    const stopped = start();
    let said = "";
    stopped.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await signalAt(4000, stopped, "SIGINT");
    assert.equal(stopped.exitCode, 1);
    assert.match(said, /stopped after \d+ of 8995 devices; the same command goes on/);
    const between = await store.countDevices();
    assert.ok(between >= 4000 && between < count, `${between}`);
    assert.equal((between - 5) % 500, 0);
    const last = start();
    const done = once(last, "close");
    while ((await store.countDevices()) < between + 1000) await join_();
    const rotation = runWarren("vault", "rotate", "--data", folder.path);
    while (last.exitCode === null) await join_();
    await done;
    assert.equal(last.exitCode, 0);
    const rotated = await rotation;
    assert.equal(rotated.status, 0, rotated.stderr);
    await store.close();
    assert.ok(joins > 20);
    await folder.assertRotated(2, count);
    await contentsOf(folder);
  });
});
