import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { JoinServerProcess } from "./support.ts";

type Json = Record<string, unknown>;

describe("warren policy and warren device-profile", () => {
  const server = new JoinServerProcess();

  it("show the cost before a policy is set, and refuse to set it where nobody can be asked", async () => {
    const asked = await server.run("policy", "set", "--max-age", "73d");
    assert.equal(asked.status, 2);
    assert.match(asked.stderr, /--yes/);
    assert.match(asked.stdout, /^5 updates a year\. They cost a device:/);
    assert.match(asked.stdout, /^SF12BW125 +\d+ /m);
    const unchanged = await server.json<Json>("policy", "show");
    assert.deepEqual(unchanged["policy"], {});
    const set = await server.run("policy", "set", "--max-age", "73d", "--yes");
    assert.match(set.stdout, /^5 updates a year/);
    assert.match(set.stdout, /^Maximum age +73 d$/m);
    assert.ok(set.stdout.split("\n").every((line) => line.length <= 100));
  });

  it("change only what is given, and take it back", async () => {
    await server.run("policy", "set", "--max-age", "60d", "--triggers", "tampering", "--yes");
    const more = await server.json<Json>("policy", "set", "--max-sessions", "9", "--yes");
    assert.deepEqual(more["policy"], {
      maxAgeMs: 60 * 86_400_000,
      triggers: ["tampering"],
      maxSessions: 9,
    });
    const less = await server.json<Json>(
      ...["policy", "set", "--max-age", "none", "--max-sessions", "inherit", "--triggers", "none"],
      ...["--healing", "yes", "--minimum-period", "1h", "--yes"],
    );
    assert.deepEqual(less["policy"], {
      maxAgeMs: null,
      triggers: [],
      isHealing: true,
      minimumPeriodMs: 3_600_000,
    });
    const tooShort = await server.run("policy", "set", "--minimum-period", "10m", "--yes");
    assert.equal(tooShort.status, 1);
    assert.match(tooShort.stderr, /value-out-of-range/);
    for (const wrong of [
      ["--triggers", "nonsense"],
      ["--max-age", "soon"],
      ["--minimum-period", "none"],
    ]) {
      assert.equal((await server.run("policy", "set", ...wrong, "--yes")).status, 2);
    }
  });

  it("add, show, list and delete a device profile", async () => {
    await server.run("policy", "set", "--max-age", "73d", "--healing", "inherit", "--yes");
    const name = "water meters";
    const set = await server.json<Json>(
      ...["device-profile", "set", name, "--description", "in cellars"],
      ...["--max-sessions", "100", "--yes"],
    );
    assert.deepEqual(
      [set["name"], set["updatePolicy"], (set["cost"] as Json)["updatesPerYear"]],
      [name, { maxSessions: 100 }, 5],
    );
    const shown = await server.run("device-profile", "show", name);
    assert.match(shown.stdout, /^in cellars\n/);
    assert.match(shown.stdout, /^Maximum sessions +100 +\(device-profile\)$/m);
    const again = await server.json<Json>(
      "device-profile",
      "set",
      name,
      "--max-frames",
      "5",
      "--yes",
    );
    assert.deepEqual(
      [again["description"], again["updatePolicy"]],
      ["in cellars", { maxSessions: 100, maxFrames: 5 }],
    );
    const listed = await server.run("device-profile", "list");
    assert.match(listed.stdout, /^water meters +in cellars +\{"maxSessions":100,"maxFrames":5\}$/m);
    assert.equal((await server.run("device-profile", "delete", name)).status, 0);
    const gone = await server.run("device-profile", "show", name);
    assert.match(gone.stderr, /resource-unknown/);
  });

  it("hold for the devices that name the profile", async () => {
    await server.run("device-profile", "set", "locks", "--max-sessions", "7", "--yes");
    const device = ["--join-eui", "70b3d57ed0000001", "--mac-version", "1.0.3"];
    const servers = ["--home-net-id", "000013", "--as-id", "example-as"];
    const key = ["--app-key-file", server.file("app.key", "8d7ffef938589d95aad928c2e2e7e48f")];
    const [devEui, other] = ["0102030405060708", "0102030405060709"] as const;
    for (const each of [devEui, other]) {
      await server.run("device", "create", each, ...device, ...servers, ...key);
    }
    const changes = ["--device-profile", "locks", "--carrier", "application-port"];
    const changed = await server.json<Json>("device", "change", devEui, ...changes);
    assert.deepEqual([changed["deviceProfile"], changed["carrier"]], ["locks", "application-port"]);
    const { stdout } = await server.run("policy", "show", devEui);
    assert.match(
      stdout,
      /^Device profile locks\nMaximum age .*\nMaximum sessions +7 +\(device-profile\)$/m,
    );
    const listed = await server.json<Json[]>("device", "list", "--device-profile", "locks");
    assert.deepEqual(
      listed.map((each) => each["devEui"]),
      [devEui],
    );
    const without = await server.json<Json[]>("device", "list", "--device-profile", "");
    assert.deepEqual(
      without.map((each) => each["devEui"]),
      [other],
    );
  });

  it("tell the cost of what is not set at all", async () => {
    const cost = await server.json<{ updatesPerYear: number; dataRates: Json[] }>(
      ...["policy", "cost", "--max-frames", "1000", "--uplinks-per-day", "100", "--data-rate", "0"],
      ...["--carrier", "application-port", "--mac-version", "1.0.3", "--loss", "0.1"],
    );
    assert.deepEqual([cost.updatesPerYear, cost.dataRates.length], [36.5, 1]);
    const { stdout } = await server.run("policy", "cost", "--region", "US915");
    assert.match(stdout, /^No update that can be foreseen\. One of them costs a device:/);
    assert.match(stdout, /^SF8BW500 /m);
  });
});
