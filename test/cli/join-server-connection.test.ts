import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { TLSSocket } from "node:tls";
import { connectToJoinServer } from "../../src/cli/connections/join-server-options.ts";
import { networkServerCommand } from "../../src/cli/network-server.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import {
  makeCa,
  makeCertificate,
  makeServerCertificate,
  writeCertificate,
} from "../support/certificates.ts";
import { captureLog } from "../support/log-capture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { warrenError } from "../support/warren-error.ts";

const EUI = parseEui64("0102030405060708");
const ca = await makeCa();
const server = await makeServerCertificate(ca);

describe("the connection of a role to its Join Server", () => {
  const folder = temporaryFolder();
  const seen: {
    name: unknown;
    authorization: unknown;
    path: unknown;
    body: Record<string, unknown>;
  }[] = [];
  const caFile = join(folder, "ca.pem");
  const tokenFile = join(folder, "token");
  let url: string;
  const listener = createServer(
    {
      cert: server.cert,
      key: server.key,
      requestCert: true,
      rejectUnauthorized: false,
      ca: ca.cert,
    },
    async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString());
      const name = (request.socket as TLSSocket).getPeerCertificate().subject?.CN;
      seen.push({ name, authorization: request.headers.authorization, path: request.url, body });
      response.end(
        JSON.stringify({
          ...body,
          SenderID: body.ReceiverID,
          ReceiverID: body.SenderID,
          MessageType: "HomeNSAns",
          Result: { ResultCode: "Success" },
          HNetID: "000013",
        }),
      );
    },
  );
  before(async () => {
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    url = `https://localhost:${(listener.address() as AddressInfo).port}`;
    writeFileSync(caFile, ca.cert);
    writeFileSync(tokenFile, "first-token\n");
  });
  after(() => {
    listener.closeAllConnections();
    listener.close();
  });

  /** With the options of `warren network-server`. */
  function connectWith(...options: string[]) {
    const command = networkServerCommand();
    command.parseOptions(["--join-server", url, ...options]);
    const { logger } = captureLog();
    return connectToJoinServer(command.opts(), "000013", 2_000, logger);
  }

  it("shows certificate and token, and those that were renewed", async () => {
    const files = writeCertificate(folder, await makeCertificate({ name: "first", issuer: ca }));
    const { client, close } = connectWith(
      ...["--join-server-ca", caFile, "--join-server-token-file", tokenFile],
      ...["--join-server-cert", files.certificateFile, "--join-server-key", files.keyFile],
      ...["--join-server-path", "HomeNSReq=/home", "--join-server-path", "JoinReq=/join"],
      ...["--join-server-protocol", "1.1", "--ns-id", "70b3d57ed0000099"],
    );
    assert.equal((await client.homeNsReq(EUI, EUI)).value?.homeNetId, "000013");
    writeCertificate(folder, await makeCertificate({ name: "second", issuer: ca }));
    writeFileSync(tokenFile, "second-token");
    process.emit("SIGHUP", "SIGHUP");
    assert.equal((await client.homeNsReq(EUI, EUI)).value?.homeNetId, "000013");
    close();
    assert.deepEqual(
      seen.map(({ name, authorization, path }) => [name, authorization, path]),
      [
        ["first", "Bearer first-token", "/home"],
        ["second", "Bearer second-token", "/home"],
      ],
    );
    const { ProtocolVersion, SenderNSID } = seen[0]?.body ?? {};
    assert.deepEqual([ProtocolVersion, SenderNSID], ["1.1", "70b3d57ed0000099"]);
  });

  it("trusts nobody whose certificate is not of the CA", async () => {
    const { client, close } = connectWith();
    await assert.rejects(client.homeNsReq(EUI, EUI), (error) => {
      assert.ok(warrenError("peer-unreachable")(error));
      return /CERT|SIGNATURE/.test((error as Error).message);
    });
    close();
  });

  it("is not begun with options or files that cannot be used", () => {
    const empty = join(folder, "empty");
    writeFileSync(empty, "");
    const wrong: string[][] = [
      ["--join-server-cert", caFile],
      ["--join-server-key", caFile],
      ["--join-server-ca", join(folder, "nowhere")],
      ["--join-server-token-file", join(folder, "nowhere")],
      ["--join-server-token-file", empty],
      ["--join-server-protocol", "1.1"],
    ];
    for (const options of wrong) {
      assert.throws(
        () => connectWith(...options),
        warrenError("configuration-invalid"),
        options[0],
      );
    }
  });
});
