import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import packageJson from "../../../package.json" with { type: "json" };
import { makeCa, makeServerCertificate, writeCertificate } from "../../support/certificates.ts";
import type { Json } from "../../support/join-server-rig.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { RunningJoinServer } from "./support/running-join-server.ts";

async function get(server: RunningJoinServer, path: string): Promise<{ text: string; body: Json }> {
  const response = await fetch(`${server.adminUrl}/api/v1/${path}`, {
    headers: server.authorization,
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return { text, body: JSON.parse(text) as Json };
}

test("a process tells how it runs, and nothing secret, no path and no URL", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "secret"), "a secret of some length\n");
  const certificate = await makeServerCertificate(await makeCa());
  const { certificateFile, keyFile } = writeCertificate(folder, certificate);
  const server = await RunningJoinServer.start(
    `backend.tls = { cert = "${certificateFile}", key = "${keyFile}" }`,
    "limits.device = { per_second = 2, burst = 7 }",
    "[[webhook]]",
    'url = "https://hooks.example:8443/a-secret-path"',
    `secret_file = "${join(folder, "secret")}"`,
    'events = ["join-refused"]',
  );
  const { text, body } = await get(server, "settings");
  assert.equal(body["version"], packageJson.version);
  assert.equal(body["nodeVersion"], process.version);
  assert.deepEqual(body["database"], {
    kind: "sqlite",
    file: "join-server.db",
    cachedDevices: 10_000,
  });
  assert.deepEqual(body["vault"], { kind: "file", isUnlocked: true, sealingVersion: 1 });
  assert.deepEqual(body["listeners"], [
    {
      name: "backend",
      host: "127.0.0.1",
      port: Number(new URL(server.backendUrl).port),
      hasTls: true,
      certificateExpiresAt: certificate.x509.notAfter.toISOString(),
    },
    {
      name: "admin",
      host: "127.0.0.1",
      port: Number(new URL(server.adminUrl).port),
      hasTls: false,
      certificateExpiresAt: null,
    },
  ]);
  assert.deepEqual((body["limits"] as Json)["device"], { perSecond: 2, burst: 7 });
  assert.deepEqual(body["webhooks"], [
    {
      host: "hooks.example:8443",
      kinds: ["join-refused"],
      ...{ waiting: 0, delivered: 0, dropped: 0, failedAttempts: 0 },
    },
  ]);
  for (const secret of ["secret", folder, server.folder, "https:"]) {
    assert.ok(!text.includes(secret), secret);
  }
  assert.deepEqual(
    server.logLines.filter((line) => line.includes('"defect"')),
    [],
  );
});

test("a process counts what it sees and knows who asked", async () => {
  const server = await RunningJoinServer.start();
  const device = await server.register();
  assert.equal(await server.join(device), "Success");
  const { body: overview } = await get(server, "overview");
  assert.equal((overview["devices"] as Json)["total"], 1);
  const { body: activity } = await get(server, "activity?minutes=5");
  const joins = (activity["intervals"] as Json[]).map(({ joinsAccepted }) => joinsAccepted);
  assert.equal(
    joins.reduce<number>((sum, count) => sum + Number(count), 0),
    1,
  );
  const { body: ofDevice } = await get(server, `devices/${device.devEui}/activity`);
  assert.deepEqual(
    (ofDevice["events"] as Json[]).map(({ kind }) => kind),
    ["join-accepted", "device-created"],
  );
  const { body: peer } = await get(server, "network-servers/000013");
  assert.ok(Date.parse(peer["lastContactAt"] as string) >= Date.parse(activity["since"] as string));
});
