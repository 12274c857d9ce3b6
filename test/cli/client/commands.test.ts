import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { describe, it } from "node:test";
import { runWarren } from "../support/warren.ts";
import { JoinServerProcess } from "./support.ts";

type Json = Record<string, unknown>;
const DEV_EUI = "0102030405060708";

describe("commands for a Join Server", () => {
  const server = new JoinServerProcess();
  const keyFile = () => server.file("app.key", `${randomBytes(16).toString("hex")}\n`);

  it("register, show, change, list and delete a device", async () => {
    const created = await server.json<Json>(
      ...["device", "create", DEV_EUI, "--join-eui", "70B3D57ED0000001", "--mac-version", "1.0.3"],
      ...["--home-net-id", "000013", "--as-id", "example-as", "--app-key-file", keyFile()],
      ...["--name", "Meter 17", "--tag", "serial=A-17", "--tag", "floor=-1"],
    );
    assert.deepEqual(created["tags"], { serial: "A-17", floor: "-1" });
    const changed = await server.json<Json>(
      ...["device", "change", DEV_EUI, "--name", "Meter 18", "--disabled"],
    );
    assert.deepEqual([changed["name"], changed["isDisabled"]], ["Meter 18", true]);
    const enabled = await server.json<Json>("device", "change", DEV_EUI, "--no-disabled");
    assert.equal(enabled["isDisabled"], false);
    const { stdout } = await server.run("device", "list", "--text", "meter");
    const lines = stdout.trimEnd().split("\n");
    assert.match(lines[0] ?? "", /^DevEUI +Name +JoinEUI +Version +NetID +AS-ID +Joins/);
    assert.match(
      lines[1] ?? "",
      /^0102030405060708 {2}Meter 18 +70b3d57ed0000001 {2}1\.0\.3 +000013/,
    );
    assert.ok(lines.every((line) => line.length <= 100));
    assert.match((await server.run("device", "show", DEV_EUI)).stdout, /Root keys +generation 0/);
    assert.equal((await server.run("device", "delete", DEV_EUI)).status, 0);
    const gone = await server.run("device", "show", DEV_EUI);
    assert.equal(gone.status, 1);
    assert.match(gone.stderr, /device-unknown/);
  });

  it("refuse a nonce reset that is not safe, unless forced", async () => {
    await server.run(
      ...["device", "create", DEV_EUI, "--join-eui", "70B3D57ED0000001", "--mac-version", "1.0.4"],
      ...["--home-net-id", "000013", "--as-id", "example-as", "--app-key-file", keyFile()],
    );
    const refused = await server.run("device", "reset-nonces", DEV_EUI, "--reason", "new board");
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /nonce-reset-refused/);
    const reset = ["device", "reset-nonces", DEV_EUI, "--reason", "new board", "--force"];
    assert.equal((await server.run(...reset)).status, 0);
  });

  it("add a peer with its KEK and change only what is given", async () => {
    const kek = server.file("ns.kek", randomBytes(16).toString("hex"));
    const without = await server.run("peer", "set-network-server", "000013");
    assert.match(without.stderr, /needs a KEK/);
    const set = ["peer", "set-network-server", "000013"];
    await server.run(...set, "--kek-file", kek, "--kek-label", "ns", "--relays-root-key-updates");
    const token = server.file("ns.token", "a-token-of-the-network-server");
    const changed = await server.json<Json>(
      ...[...set, "--authentication", "bearer", "--bearer-token-file", token],
    );
    assert.deepEqual(
      [changed["kekLabel"], changed["relaysRootKeyUpdates"], changed["authentication"]],
      ["ns", true, { kind: "bearer" }],
    );
    await server.run("peer", "set-application-server", "example-as", "--kek-file", kek);
    const listed = await server.run("peer", "list");
    assert.match(listed.stdout, /^NS +000013 +yes +bearer/m);
    assert.match(listed.stdout, /^AS +example-as/m);
    assert.doesNotMatch(
      listed.stdout + JSON.stringify(changed),
      new RegExp(readFileSync(kek, "utf8")),
    );
    assert.equal((await server.run("peer", "delete", "example-as")).status, 0);
    assert.equal((await server.run("peer", "show", "example-as")).status, 1);
  });

  it("serve JoinEUIs by range", async () => {
    assert.match((await server.run("join-eui", "list")).stdout, /every JoinEUI is served/);
    await server.run("join-eui", "add", "70b3d57ed0000000/40");
    assert.equal((await server.run("join-eui", "list")).stdout, "70b3d57ed0000000/40\n");
    await server.run("join-eui", "remove", "70b3d57ed0000000/40");
    assert.deepEqual(await server.json("join-eui", "list"), []);
  });

  it("make a token that may do what its role says, until it is revoked", async () => {
    const out = server.path("auditor.token");
    const made = await server.json<Json>(
      ...["token", "create", "audit", "--role", "auditor", "--days", "1", "--out", out],
    );
    assert.equal(statSync(out).mode & 0o777, 0o600);
    assert.equal("token" in made, false);
    const [, url = ""] = server.connection;
    const asAuditor = (...args: string[]) => runWarren(...args, "--url", url, "--token-file", out);
    assert.equal((await asAuditor("device", "list")).status, 0);
    const refused = await asAuditor("device", "delete", DEV_EUI);
    assert.match(refused.stderr, /not allowed: the role auditor has not the right device:write/);
    assert.match((await server.run("token", "list")).stdout, /audit +auditor/);
    assert.equal((await server.run("token", "revoke", made["id"] as string)).status, 0);
    assert.match((await asAuditor("device", "list")).stderr, /unauthorized/);
  });

  it("print the QR code of a device from its tags, and say which are missing", async () => {
    const devEui = "4242ffffffffff01";
    const made = await server.run(
      ...["device", "create", devEui, "--join-eui", "42ffffffffffffff", "--mac-version", "1.0.3"],
      ...["--home-net-id", "000013", "--as-id", "as", "--app-key-file", keyFile()],
    );
    assert.equal(made.status, 0, made.stderr);
    const missing = await server.run("device", "qr", devEui);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /vendor_id/);
    const tags = ["vendor_id=42FF", "vendor_profile_id=FF42", "serial_number=A17"];
    const given = tags.flatMap((tag) => ["--tag", tag]);
    assert.equal((await server.run("device", "change", devEui, ...given)).status, 0);
    const { stdout } = await server.run("device", "qr", devEui);
    assert.equal(stdout.trim(), "LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFF01:42FFFF42:SA17");
  });

  it("say what a QR code means without a server", async () => {
    const code = "LW:D0:42FFFFFFFFFFFFFF:4242FFFFFFFFFFFF:42FFFF42:SA17";
    const { stdout, status } = await runWarren("device", "identify", code);
    assert.equal(status, 0);
    assert.match(stdout, /DevEUI +4242ffffffffffff/);
    assert.match(stdout, /Serial number +A17/);
  });

  it("end with 2 for a wrong command line, and repeat no key", async () => {
    const key = randomBytes(16).toString("hex");
    for (const args of [
      ["device", "show", key],
      ["device", "create", DEV_EUI, "--join-eui", "70B3D57ED0000001", "--mac-version", "1.0.3"],
      ["join-eui", "add", "everything"],
      ["token", "create", "x", "--role", "king"],
      ["keys", "export"],
    ]) {
      const { status, stderr } = await server.run(...args);
      assert.equal(status, 2, stderr);
      assert.doesNotMatch(stderr, new RegExp(key));
    }
  });
});
