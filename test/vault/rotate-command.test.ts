import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { lockFile } from "../../src/storage/sqlite-database.ts";
import { runWarren, spawnWarren } from "../cli/support/warren.ts";
import { devEuiOf, JoinServerFolder } from "./support/join-server-folder.ts";
import { SoftHsm, softHsmMissing } from "./support/soft-hsm.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** The real process, which can be killed. */
class RotateProcess {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";

  constructor(folder: JoinServerFolder) {
    this.child = spawn(process.execPath, [MAIN, "vault", "rotate", "--data", folder.path], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async ended(): Promise<number | null> {
    if (this.isRunning) await once(this.child, "close");
    return this.child.exitCode;
  }

  /** Sends the signal as soon as the condition holds; false when the process ended before. */
  async signalWhen(signal: NodeJS.Signals, condition: () => boolean): Promise<boolean> {
    while (this.isRunning && !condition()) await sleep(1);
    const isInTime = this.isRunning && this.child.kill(signal);
    await this.ended();
    return isInTime;
  }
}

/** Accepts joins, as far as the store is concerned, until it is told to end. */
async function joinsMeanwhile(folder: JoinServerFolder, deviceCount: number) {
  const store = await folder.open();
  const stop = new AbortController();
  let accepted = 0;
  const done = (async () => {
    while (!stop.signal.aborted) {
      const device = await store.loadDevice(devEuiOf(accepted % deviceCount));
      assert.ok(device);
      const joinNonce = device.joinNonce + 1;
      assert.equal(await store.saveDevice({ ...device, joinNonce }), "saved");
      accepted++;
      await sleep(1);
    }
    await store.close();
  })();
  return {
    end: () => {
      stop.abort();
      return done.then(() => accepted);
    },
  };
}

describe("warren vault rotate", () => {
  it("goes on wherever it is killed, while joins are accepted", async (context) => {
    const count = 4_000;
    const folder = new JoinServerFolder();
    await folder.addDevices(count);
    const joins = await joinsMeanwhile(folder, count);
    context.after(() => joins.end());
    const keyFile = () => readFileSync(folder.keyFilePath, "latin1");
    const linesOf = (text: string) => text.split("\n").filter((line) => /^\d/.test(line)).length;
    const before = keyFile();
    const moments: ((rotation: RotateProcess) => boolean)[] = [
      () => linesOf(keyFile()) === 2,
      ({ stderr }) => / records/.test(stderr),
      ({ stderr }) => / records/.test(stderr),
      ({ stderr }) => / records/.test(stderr),
    ];
    let killed = 0;
    for (const [index, moment] of moments.entries()) {
      const rotation = new RotateProcess(folder);
      // The later ones get some way into the sweep.
      const delay = index > 1 ? sleep(40 * index) : undefined;
      if (delay !== undefined) {
        while (rotation.isRunning && !moment(rotation)) await sleep(1);
        await delay;
      }
      if (await rotation.signalWhen("SIGKILL", () => moment(rotation))) killed++;
    }
    assert.ok(killed >= 3, `killed ${killed} times`);
    const last = new RotateProcess(folder);
    assert.equal(await last.ended(), 0, last.stderr);
    assert.match(last.stdout, /A rotation to version 2 goes on/);
    assert.match(last.stdout, /Every record is encrypted under version 2/);
    assert.match(last.stderr, /^[1-9]\d* of \d+ records, \d+ a second, \d+ s left$/m);
    assert.ok((await joins.end()) > 20);
    await folder.assertRotated(2, count);
    assert.equal(linesOf(keyFile()), 1);
    assert.equal(statSync(folder.keyFilePath).mode & 0o777, 0o600);
    const oldKey = /[0-9a-f]{64}/.exec(before)?.[0] ?? assert.fail();
    assert.ok(!keyFile().includes(oldKey));
  });

  it("stops at Ctrl-C, says how to go on, and goes on", async () => {
    const count = 4_000;
    const folder = new JoinServerFolder();
    await folder.addDevices(count);
    const rotation = new RotateProcess(folder);
    const isInTime = await rotation.signalWhen("SIGINT", () => / records/.test(rotation.stderr));
    assert.ok(isInTime);
    assert.equal(rotation.child.exitCode, 1);
    assert.match(rotation.stdout, /Stopped after \d+ of 4000 records.*\n.*warren vault rotate/s);
    const status = await runWarren("vault", "status", "--data", folder.path);
    assert.equal(status.status, 0, status.stderr);
    assert.match(
      status.stdout,
      /rotation +under way, \d+ records to go; go on with warren vault rotate/,
    );
    assert.match(status.stdout, /^1 +file .* there +decrypts/m);
    assert.match(status.stdout, /^2 +file .* there +encrypts/m);
    assert.equal((await spawnWarren("vault", "rotate", "--data", folder.path)).status, 0);
    await folder.assertRotated(2, count);
  });

  it("lets one process at a time at a key file", async () => {
    const folder = new JoinServerFolder();
    await folder.addDevices(1);
    const release = lockFile(`${folder.keyFilePath}.lock`);
    const refused = await runWarren("vault", "rotate", "--data", folder.path);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /another warren vault rotate is at work with the key file/);
    release();
    await folder.assertRotated(1, 1);
  });

  it("prepares the next master key, to be copied to other machines first", async () => {
    const folder = new JoinServerFolder();
    await folder.addDevices(3);
    for (const made of ["is made", "was made before"]) {
      const { status, stdout } = await runWarren(
        "vault",
        "rotate",
        "--prepare",
        "--data",
        folder.path,
      );
      assert.equal(status, 0);
      assert.match(stdout, new RegExp(`^Master key version 2 ${made} in the key file`));
    }
    const status = await runWarren("vault", "status", "--json", "--data", folder.path);
    const { versions, isRotating } = JSON.parse(status.stdout) as Record<string, unknown>;
    assert.deepEqual(
      (versions as { version: number; use: string }[]).map(({ version, use }) => [version, use]),
      [
        [1, "seals"],
        [2, "prepared"],
      ],
    );
    assert.equal(isRotating, false);
    // As on another machine: a server that opened the database before.
    const store = await folder.open();
    assert.equal((await spawnWarren("vault", "rotate", "--data", folder.path)).status, 0);
    assert.ok(await store.loadDevice(devEuiOf(0), "fresh"));
    await store.close();
    await folder.assertRotated(2, 3);
  });

  it("brings the keys to a token and back", { skip: softHsmMissing() }, async () => {
    const folder = new JoinServerFolder();
    await folder.addDevices(5);
    const token = new SoftHsm();
    const { modulePath, tokenLabel, pinFile } = token.settings;
    const configuration = `${folder.path}/warren.toml`;
    const write = (kind: string) =>
      writeFileSync(
        configuration,
        `data_folder = "${folder.path}"\n[vault]\nkind = "${kind}"\npath = "${folder.keyFilePath}"\n` +
          `module = "${modulePath}"\ntoken_label = "${tokenLabel}"\npin_file = "${pinFile}"\n`,
      );
    write("pkcs11");
    const there = await spawnWarren("vault", "rotate", "--config", configuration);
    assert.equal(there.status, 0, there.stderr);
    assert.ok(!existsSync(folder.keyFilePath));
    await folder.assertRotated(2, 5, token.settings);
    const status = await runWarren("vault", "status", "--config", configuration);
    assert.match(status.stdout, /master keys +token "warren test"/);
    assert.match(status.stdout, /^2 +pkcs11 .* there +encrypts/m);
    write("file");
    const back = await spawnWarren("vault", "rotate", "--config", configuration);
    assert.equal(back.status, 0, back.stderr);
    await folder.assertRotated(3, 5);
  });
});

describe("warren vault status", () => {
  it("says what is wrong and ends with status 1, and so does rotate", async () => {
    const folder = new JoinServerFolder();
    await folder.addDevices(1);
    const copy = `${folder.keyFilePath}.copy`;
    copyFileSync(folder.keyFilePath, copy);
    rmSync(folder.keyFilePath);
    const status = await runWarren("vault", "status", "--data", folder.path);
    assert.equal(status.status, 1);
    assert.match(status.stdout, /problem .*no master key version 1.*\(master-key-missing\)/);
    assert.match(status.stdout, /^1 +file .* MISSING/m);
    const rotate = await runWarren("vault", "rotate", "--data", folder.path);
    assert.equal(rotate.status, 1);
    assert.match(rotate.stderr, /\(master-key-missing\)/);
    assert.ok(!existsSync(folder.keyFilePath));
  });

  it("makes no database and no keys where there are none", async () => {
    const folder = new JoinServerFolder();
    for (const command of ["status", "rotate"]) {
      const { status, stderr } = await runWarren("vault", command, "--data", folder.path);
      assert.equal(status, 1);
      assert.match(stderr, /there is no database/);
    }
    assert.ok(!existsSync(folder.databasePath) && !existsSync(folder.keyFilePath));
  });
});
