import assert from "node:assert/strict";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { ApiClient } from "../../../src/cli/api-client/api-client.ts";
import { type Certificate, makeCertificate } from "../../support/certificates.ts";
import { warrenError } from "../../support/warren-error.ts";

async function listen(server: Server): Promise<number> {
  after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function listenTls({ cert, key }: Certificate): Promise<string> {
  const server = createServer({ cert, key }, (_request, response) => response.end('{"ok":true}'));
  return `https://localhost:${await listen(server as unknown as Server)}`;
}

async function client(url: string, ca?: string): Promise<ApiClient> {
  const api = new ApiClient({ url, token: "a-token", ca });
  after(() => api.close());
  return await Promise.resolve(api);
}

describe("the client of the administration API", () => {
  it("takes a certificate of the CA it is told alone, for the name alone, in its time alone", async () => {
    const ca = await makeCertificate({ name: "ca", isCa: true });
    const server = { issuer: ca, usage: "server", dnsNames: ["localhost"] } as const;
    const good = await listenTls(await makeCertificate(server));
    assert.deepEqual(await (await client(good, ca.cert)).get("/x"), { ok: true });
    const otherCa = await makeCertificate({ name: "other", isCa: true });
    const expired = await makeCertificate({ ...server, from: -3, to: -2 });
    const misnamed = await makeCertificate({ ...server, dnsNames: ["example.com"] });
    for (const [url, trusted, message] of [
      [good, undefined, /not trusted here \(--ca-file/],
      [good, otherCa.cert, /not trusted/],
      [await listenTls(expired), ca.cert, /has expired/],
      [await listenTls(misnamed), ca.cert, /another name/],
    ] as const) {
      await assert.rejects((await client(url, trusted)).get("/x"), (error: Error) => {
        assert.match(error.message, message);
        return warrenError("peer-unreachable")(error);
      });
    }
  });

  it("gives the server's own code and text, and finds out when it is another server", async () => {
    const answers: Record<string, [number, string]> = {
      "/api/v1/known": [409, '{"title":"write-conflict","detail":"somebody was faster"}'],
      "/api/v1/defect": [500, '{"title":"defect","detail":"see the log"}'],
      "/api/v1/401": [401, "{}"],
      "/api/v1/page": [404, "<html>"],
      "/api/v1/text": [200, "<html>"],
      "/api/v1/moved": [302, ""],
    };
    const server = createHttpServer((request, response) => {
      const [status, text] = answers[request.url ?? ""] ?? [200, "{}"];
      response.writeHead(status, { location: "http://192.0.2.1/" }).end(text);
    });
    const api = await client(`http://127.0.0.1:${await listen(server)}`);
    await assert.rejects(api.get("/known"), {
      code: "write-conflict",
      message: "somebody was faster",
    });
    await assert.rejects(api.get("/defect"), { code: "peer-refused", message: "see the log" });
    await assert.rejects(api.get("/401"), warrenError("unauthorized"));
    await assert.rejects(api.get("/page"), /is this a Join Server/);
    await assert.rejects(api.get("/text"), warrenError("peer-answer-malformed"));
    // A token is not carried to wherever a server points.
    await assert.rejects(api.get("/moved"), warrenError("peer-refused"));
  });
});
