import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { before, describe, it } from "node:test";
import { JoinServerProcess } from "./support.ts";

type Json = Record<string, unknown>;
const DEV_EUI = "0102030405060708";

describe("commands for root key updates", () => {
  const server = new JoinServerProcess();
  before(async () => {
    const secret = () => server.file("secret", randomBytes(16).toString("hex"));
    await server.run(
      ...["device", "create", DEV_EUI, "--join-eui", "70B3D57ED0000001", "--mac-version", "1.0.3"],
      ...["--home-net-id", "000013", "--as-id", "example-as", "--app-key-file", secret()],
      ...["--name", "Meter 17"],
    );
    const set = ["peer", "set-network-server", "000013", "--kek-file", secret()];
    await server.run(...set, "--relays-root-key-updates");
  });

  it("start an update once, show its timeline, list it as stuck and abort it", async () => {
    const empty = await server.run("device", "timeline", DEV_EUI);
    assert.match(empty.stdout, /^DevEUI {6}0102030405060708\nGeneration {2}0, since /);
    assert.match(empty.stdout, /No update has been attempted\./);

    const first = await server.run("device", "update", DEV_EUI, "--healing", "--suite", "aes-cmac");
    assert.match(
      first.stdout,
      /update 1 .* by mac-commands \(aes-cmac, healing\); .* when it asks/,
    );
    const again = await server.json<Json>("device", "update", DEV_EUI);
    assert.deepEqual(
      [again["updateId"], again["isNew"], again["isDelivered"], again["requestedBy"]],
      [1, false, false, "operator:file-token"],
    );
    const other = await server.run("device", "update", DEV_EUI, "--no-healing");
    assert.match(other.stderr, /update-not-allowed/);

    const { stdout: waiting } = await server.run("device", "timeline", DEV_EUI);
    assert.match(
      waiting,
      /\nUpdate 1: under-way; aes-cmac, healing, by mac-commands, for operator:/,
    );
    assert.match(
      waiting,
      /\n {2}\S+Z {2}request-not-delivered {2}peer-unreachable\n {2}Check that /,
    );
    assert.equal((await server.run("device", "stuck")).stdout, "no device is stuck\n");
    const { stdout: stuck } = await server.run("device", "stuck", "--waiting-seconds", "0");
    assert.match(
      stuck,
      /^0102030405060708 {2}Meter 17\n {2}not-handed-over since \S+Z: .*\n {2}Check /,
    );

    const aborted = await server.run("device", "abort-update", DEV_EUI);
    assert.equal(aborted.stdout, "update 1 of 0102030405060708 is aborted\n");
    const timeline = await server.json<Json>("device", "timeline", DEV_EUI);
    const [attempt] = timeline["attempts"] as Json[];
    assert.deepEqual([attempt?.["outcome"], attempt?.["reason"]], ["failed", "aborted"]);
    assert.deepEqual(await server.json("device", "stuck", "--waiting-seconds", "0"), []);
    assert.match((await server.run("device", "abort-update", DEV_EUI)).stderr, /update-not-found/);
  });

  it("say what is wrong with an order before it is sent, or why it is refused", async () => {
    const suite = await server.run("device", "update", DEV_EUI, "--suite", "rot13");
    assert.deepEqual([suite.status, /use rabbit/.test(suite.stderr)], [2, true]);
    await server.run("peer", "set-network-server", "000013", "--no-relays-root-key-updates");
    const refused = await server.run("device", "update", DEV_EUI);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /set relaysRootKeyUpdates .*\(update-not-deliverable\)/);
    const unknown = await server.run("device", "timeline", "ffffffffffffffff");
    assert.match(unknown.stderr, /device-unknown/);
  });
});
