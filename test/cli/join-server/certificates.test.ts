import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { loadJoinServerConfig } from "../../../src/cli/config/load-config.ts";
import { startJoinServer } from "../../../src/cli/join-server/start-join-server.ts";
import { freeTcpPort } from "../../../src/cli/run/free-port.ts";
import {
  type Certificate,
  makeCa,
  makeCertificate,
  makeServerCertificate,
  writeCertificate,
} from "../../support/certificates.ts";
import { keyHex, NET_ID } from "../../support/join-server-rig.ts";
import { captureLog } from "../../support/log-capture.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { randomKey } from "../../support/test-device.ts";
import { runWarren } from "../support/warren.ts";
import { metric, RunningJoinServer } from "./support/running-join-server.ts";

const NAME = "warren_tls_certificate_not_after_seconds";

test("metrics say when our certificates expire, and those of peers that are connected", {
  timeout: 20_000,
}, async () => {
  const [ca, clientCa] = [await makeCa(), await makeCa("client CA")];
  const ours = await makeServerCertificate(ca);
  const { certificateFile, keyFile } = writeCertificate(temporaryFolder(), ours);
  const server = await RunningJoinServer.start(
    `backend.tls = { cert = "${certificateFile}", key = "${keyFile}" }`,
  );
  await server.put(`network-servers/${NET_ID}`, {
    kek: keyHex(randomKey()),
    authentication: { kind: "mutual-tls", ca: clientCa.cert },
  });
  const theirs = await makeCertificate({ name: "ns.example", issuer: clientCa, to: 30 });
  const stranger = await makeCertificate({ name: "stranger" });
  const { port } = new URL(server.backendUrl);
  const connectAs = async ({ cert, key }: Certificate): Promise<void> => {
    const options = { cert, key, ca: ca.cert, servername: "localhost" };
    const socket = connect({ port: Number(port), host: "127.0.0.1", ...options });
    after(() => socket.destroy());
    await once(socket, "secureConnect");
    // Only an answer shows that the server has seen the certificate too.
    socket.write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "data");
  };
  await connectAs(stranger);
  let text = "";
  // The listener takes up new roots of peers within two seconds.
  while (!text.includes("ns.example")) {
    await connectAs(theirs);
    await sleep(200);
    text = await server.metrics();
  }
  const seconds = (date: Date) => date.getTime() / 1000;
  const own = metric(text, `${NAME}{owner="own",name="backend"}`);
  assert.equal(own, Math.floor(seconds(ours.x509.notAfter)));
  const peer = metric(text, `${NAME}{owner="peer",name="ns.example"}`);
  assert.equal(peer, Math.floor(seconds(theirs.x509.notAfter)));
  assert.doesNotMatch(text, /stranger/);
});

test("warren health asks over TLS where the administration port has a certificate", async () => {
  const ours = await makeServerCertificate(await makeCa());
  const folder = temporaryFolder();
  const { certificateFile, keyFile } = writeCertificate(folder, ours);
  const file = join(folder, "warren.toml");
  const tls = `admin.tls = { cert = "${certificateFile}", key = "${keyFile}" }`;
  const port = await freeTcpPort("127.0.0.1", 0);
  writeFileSync(file, ["backend.port = 0", `admin.port = ${port}`, tls].join("\n"));
  const config = loadJoinServerConfig({ config: file, data: folder }, {});
  const role = await startJoinServer(config, captureLog().logger);
  after(() => role.close());
  assert.match(role.addresses["admin"] ?? "", /^https:/);
  assert.equal((await runWarren("health", "--config", file)).stdout, "ready\n");
});
