import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyLog } from "../../../../src/cli/client/audit.ts";
import type { WarrenError } from "../../../../src/errors.ts";
import {
  AS_ID,
  JoinServerRig,
  type Json,
  useJoinServer,
} from "../../../support/join-server-rig.ts";
import { TestDevice } from "../../../support/test-device.ts";
import { assertNoDefects, assertProblem, newestAudit } from "./support.ts";

const rig = useJoinServer();

/** The API as the command line sees it. */
function clientOf(server: JoinServerRig) {
  return {
    get: async <T>(path: string, query: Readonly<Record<string, unknown>> = {}): Promise<T> => {
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return (await server.call("GET", `${path.slice(1)}?${search}`)).body as T;
    },
  };
}

describe("GET /audit", () => {
  it("gives pages of everything that was done, and the head", async () => {
    await rig.register(new TestDevice("1.0.3"));
    const all = (await rig.call("GET", "audit")).body;
    const entries = all["entries"] as Json[];
    assert.deepEqual(
      entries.map(({ seq }) => seq),
      entries.map((_, index) => index + 1),
    );
    assert.equal(entries[0]?.["action"], "network-server.put");
    const { seq, hash } = entries.at(-1) as Json;
    assert.deepEqual(all["head"], { seq, hash });
    const page = (await rig.call("GET", "audit?after=1&limit=2")).body;
    assert.deepEqual(page["entries"], entries.slice(1, 3));
    assert.equal(page["next"], 3);
    assert.equal((await rig.call("GET", `audit?after=${seq}`)).body["next"], null);
    for (const query of ["after=-1", "after=x", "limit=0", "limit=1001"]) {
      assertProblem(await rig.call("GET", `audit?${query}`), 400, "request-malformed");
    }
  });

  it("has every AppSKey that an Application Server was given, before it has it", async () => {
    const device = new TestDevice("1.1.0");
    await rig.register(device);
    const { SessionKeyID } = await rig.join(device);
    const asked = { DevEUI: device.devEui, SessionKeyID, SenderID: AS_ID };
    await rig.ask("AppSKeyReq", asked);
    const [entry] = await newestAudit(rig, 1);
    const { action, actor, subject, details } = entry as Json;
    assert.deepEqual(
      [action, actor, subject, details],
      ["app-s-key.read", `peer:${AS_ID}`, device.devEui, { joinNonce: 1 }],
    );
    const before = rig.dump();
    await rig.ask("AppSKeyReq", { ...asked, SessionKeyID: "00" });
    assert.equal(rig.dump(), before);
  });
});

describe("verifying the audit log", () => {
  /** A log of some entries, and somebody with the database file who knows its triggers. */
  async function tamper(sql: string): Promise<JoinServerRig> {
    const server = await JoinServerRig.start();
    for (let i = 0; i < 3; i++) await server.register(new TestDevice("1.0.3"));
    const database = new DatabaseSync(server.path);
    for (const name of ["has_no_gaps", "is_not_changed", "is_not_erased"]) {
      database.exec(`DROP TRIGGER audit_log_${name}`);
    }
    database.exec(sql);
    database.close();
    return server;
  }

  it("gives the head of a log that nobody touched", async () => {
    const server = await tamper("");
    const head = await verifyLog(clientOf(server), undefined);
    assert.deepEqual((await server.call("GET", "audit")).body["head"], head);
    await server.register(new TestDevice("1.0.3"));
    assert.equal((await verifyLog(clientOf(server), head.hash)).seq, head.seq + 1);
  });

  it("finds what was changed, erased, put elsewhere or put in, and where", async () => {
    const forgeries: [sql: string, brokenSeq: number][] = [
      ["UPDATE audit_log SET actor = 'somebody' WHERE seq = 3", 3],
      ["UPDATE audit_log SET at = at + 1 WHERE seq = 1", 1],
      [`UPDATE audit_log SET details = '{"x":1}' WHERE seq = 6`, 6],
      ["UPDATE audit_log SET subject = 'ffffffffffffffff' WHERE seq = 7", 7],
      ["DELETE FROM audit_log WHERE seq = 4", 4],
      ["DELETE FROM audit_log WHERE seq < 3", 1],
      [
        `UPDATE audit_log SET seq = -seq WHERE seq IN (2, 3);
         UPDATE audit_log SET seq = 5 + seq WHERE seq < 0`,
        2,
      ],
      [
        `UPDATE audit_log SET seq = seq + 1000 WHERE seq > 4;
         UPDATE audit_log SET seq = seq - 999 WHERE seq > 1000;
         INSERT INTO audit_log SELECT 5, at, actor, action, subject, details, previous_hash, hash
           FROM audit_log WHERE seq = 4`,
        5,
      ],
    ];
    for (const [sql, brokenSeq] of forgeries) {
      const server = await tamper(sql);
      await assert.rejects(verifyLog(clientOf(server), undefined), (error: WarrenError) => {
        assert.equal(error.code, "audit-log-broken");
        assert.match(error.message, new RegExp(`^entry ${brokenSeq}: `), sql);
        return true;
      });
      await server.admin.close();
    }
  });

  it("finds a tail that was cut off, for who has noted the head", async () => {
    const server = await tamper("");
    const { hash } = await verifyLog(clientOf(server), undefined);
    const database = new DatabaseSync(server.path);
    database.exec("DELETE FROM audit_log WHERE seq > 5");
    database.close();
    assert.equal((await verifyLog(clientOf(server), undefined)).seq, 5);
    await assert.rejects(verifyLog(clientOf(server), hash), /cut off/);
  });
});

describe("GET /vault", () => {
  it("says which versions there are, and nothing secret", async () => {
    const { status, body } = await rig.call("GET", "vault");
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ["leastSealingVersion", "dataKeys"]);
  });
});

describe("/reports/weak-keys", () => {
  it("finds weak root keys of all devices and who shares one", async () => {
    const server = await JoinServerRig.start();
    assert.equal((await server.call("GET", "reports/weak-keys")).body["status"], "none");
    const shared = `${"5e".repeat(8)}0123456789012345`;
    const [good, zero, first, second, own] = Array.from(
      { length: 5 },
      () => new TestDevice("1.1.0"),
    );
    await server.register(good as TestDevice);
    await server.register(zero as TestDevice, { nwkKey: "00".repeat(16) });
    await server.register(first as TestDevice, { nwkKey: shared });
    await server.register(second as TestDevice, { appKey: shared });
    await server.register(own as TestDevice, { nwkKey: own?.devEui.repeat(2) as string });
    const started = await server.call("POST", "reports/weak-keys");
    assert.equal(started.status, 202);
    let report = started.body;
    while (report["status"] === "running") {
      await sleep(5);
      report = (await server.call("GET", "reports/weak-keys")).body;
    }
    assert.deepEqual([report["status"], report["progress"]], ["done", 1]);
    assert.deepEqual(report["findings"], [
      { devEui: zero?.devEui, key: "nwkKey", weakness: "equal-octets" },
      { devEui: own?.devEui, key: "nwkKey", weakness: "derived-from-eui" },
      { devEui: first?.devEui, key: "nwkKey", weakness: "duplicate", group: 1 },
      { devEui: second?.devEui, key: "appKey", weakness: "duplicate", group: 1 },
    ]);
    assert.equal((report["counts"] as Json)["duplicate"], 2);
    const page = (await server.call("GET", "reports/weak-keys?limit=1&after=2")).body;
    assert.equal((page["findings"] as Json[]).length, 1);
    assert.equal(page["next"], 3);
    const [entry] = await newestAudit(server, 1);
    assert.equal(entry?.["action"], "report.weak-keys");
    assertNoDefects(server);
  });
});
