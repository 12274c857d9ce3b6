import assert from "node:assert/strict";
import { request } from "node:https";
import { before, it } from "node:test";
import { makeCa, makeServerCertificate, writeCertificate } from "../../../support/certificates.ts";
import { ADMIN_TOKEN, JoinServerRig } from "../../../support/join-server-rig.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { signIn } from "./support.ts";

const folder = temporaryFolder();
const plain = new JoinServerRig();
let cookie: string;

before(async () => {
  const ca = await makeCa();
  const files = writeCertificate(folder, await makeServerCertificate(ca));
  const rig = new JoinServerRig({ admin: { http: { tls: files } } });
  const { port } = new URL(await rig.admin.listen({ host: "127.0.0.1", port: 0 }));
  try {
    cookie = await new Promise((resolve, reject) => {
      const call = request(
        {
          ...{ host: "127.0.0.1", port, path: "/api/v1/session", method: "POST" },
          ...{ ca: ca.cert, servername: "localhost" },
          headers: { "content-type": "application/json" },
        },
        (response) => resolve(String(response.headers["set-cookie"])),
      );
      call.once("error", reject);
      call.end(JSON.stringify({ token: ADMIN_TOKEN }));
    });
  } finally {
    await rig.admin.close();
  }
});

it("the cookie of a listener with TLS never goes without", () => {
  assert.match(
    cookie,
    /^warren-session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
});

it("a listener without TLS sets one that its browser sends", async () => {
  assert.doesNotMatch((await signIn(plain)).setCookie, /Secure/);
});
