import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect, type DetailedPeerCertificate, type SecureVersion } from "node:tls";
import { PeerConnection } from "../../../src/backend/peer-connection.ts";
import { createHttpApp, type HttpApp, listen } from "../../../src/server/http-app.ts";
import { watchFiles } from "../../../src/server/tls/file-watch.ts";
import { isLoopback } from "../../../src/server/tls/loopback.ts";
import { until } from "../../network-server/support/until.ts";
import {
  type Certificate,
  makeCa,
  makeServerCertificate,
  writeCertificate,
} from "../../support/certificates.ts";
import { captureLog } from "../../support/log-capture.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { warrenError } from "../../support/warren-error.ts";

const { logger, lines } = captureLog();

/** The certificate that a listener shows. */
function shownBy(url: string, options: object = {}): Promise<DetailedPeerCertificate> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host: "127.0.0.1", port: Number(port), rejectUnauthorized: false, ...options },
      () => {
        resolve(socket.getPeerCertificate(true));
        socket.destroy();
      },
    );
    socket.on("error", reject);
  });
}

/** Listeners of others: the database that tests start ends its whole process with this signal. */
let others: NodeJS.SignalsListener[] = [];
const noteOthers = () => {
  others = process.listeners("SIGHUP");
};

/** SIGHUP for what was made since `noteOthers`. */
function hangUp(): void {
  for (const listener of process.listeners("SIGHUP")) {
    if (!others.includes(listener)) listener("SIGHUP");
  }
}

describe("a listener with a certificate", () => {
  const folder = temporaryFolder();
  let ca: Certificate;
  let first: Certificate;
  let files: { certificateFile: string; keyFile: string };
  let app: HttpApp;
  let url: string;
  before(async () => {
    noteOthers();
    ca = await makeCa();
    first = await makeServerCertificate(ca);
    files = writeCertificate(folder, first);
    app = createHttpApp(logger, { tls: files });
    app.post("/echo", (request) => request.body);
    url = await listen(app, { host: "localhost", port: 0 });
  });
  after(() => app.close());

  it("answers over TLS whoever trusts its CA", async () => {
    assert.match(url, /^https:\/\/localhost:\d+$/);
    const response = await new PeerConnection(url, { ca: ca.cert }).post({ x: 1 }, 2_000, "/echo");
    assert.deepEqual([response.status, response.text], [200, '{"x":1}']);
    const stranger = new PeerConnection(url, { ca: (await makeCa()).cert });
    await assert.rejects(stranger.post({}, 2_000), warrenError("peer-unreachable"));
  });

  it("speaks TLS 1.2 and 1.3 and nothing older", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] satisfies SecureVersion[]) {
      const options = { minVersion: version, maxVersion: version };
      assert.equal((await shownBy(url, options)).fingerprint256, shaOf(first));
    }
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
    await assert.rejects(shownBy(url, old));
  });

  it("does not answer plain HTTP", async () => {
    await assert.rejects(fetch(url.replace("https", "http")));
  });

  it("shows a renewed certificate without a restart, and the old one until it is whole", async () => {
    const renewed = await makeServerCertificate(ca);
    writeFileSync(files.certificateFile, renewed.cert);
    hangUp();
    assert.equal((await shownBy(url)).fingerprint256, shaOf(first));
    assert.match(lines.at(-1) ?? "", /certificate-not-renewed.*is not that of the certificate/);
    writeFileSync(files.keyFile, renewed.key);
    hangUp();
    assert.equal((await shownBy(url)).fingerprint256, shaOf(renewed));
    rmSync(files.keyFile);
    hangUp();
    assert.equal((await shownBy(url)).fingerprint256, shaOf(renewed));
  });
});

describe("certificate and key", () => {
  it("that cannot be used are refused at start, naming the file", async () => {
    const folder = temporaryFolder();
    const ca = await makeCa();
    const good = writeCertificate(folder, await makeServerCertificate(ca));
    const other = join(folder, "other.pem");
    writeFileSync(other, (await makeServerCertificate(ca)).key);
    const nonsense = join(folder, "nonsense.pem");
    writeFileSync(nonsense, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
    const wrong: [object, string][] = [
      [{ certificateFile: join(folder, "nowhere.pem") }, "nowhere.pem"],
      [{ keyFile: join(folder, "nowhere.pem") }, "nowhere.pem"],
      [{ keyFile: other }, "other.pem"],
      [{ keyFile: nonsense }, "nonsense.pem"],
      [{ certificateFile: nonsense }, "nonsense.pem"],
    ];
    for (const [changes, named] of wrong) {
      assert.throws(
        () => createHttpApp(logger, { tls: { ...good, ...changes } }),
        (error) => {
          assert.ok(warrenError("configuration-invalid")(error));
          const { message } = error as Error;
          return message.includes(named) && !message.includes("c2VjcmV0");
        },
      );
    }
  });
});

describe("plain HTTP", () => {
  const start = async (settings: { host: string; allowsPlainHttp?: boolean }) => {
    const app = createHttpApp(logger);
    try {
      return await listen(app, { port: 0, ...settings });
    } finally {
      await app.close();
    }
  };

  it("is for this machine alone, unless allowed by name", async () => {
    await assert.rejects(start({ host: "0.0.0.0" }), (error) => {
      assert.ok(warrenError("configuration-invalid")(error));
      return /0\.0\.0\.0.*TLS certificate.*allow-plain-http/s.test((error as Error).message);
    });
    await assert.rejects(start({ host: "::" }), warrenError("configuration-invalid"));
    assert.match(await start({ host: "0.0.0.0", allowsPlainHttp: true }), /^http:/);
    for (const host of ["127.0.0.1", "127.0.0.2", "localhost"]) {
      assert.match(await start({ host }), /^http:/);
    }
  });

  it("knows which addresses are of this machine alone", () => {
    for (const host of ["localhost", "127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"]) {
      assert.ok(isLoopback(host), host);
    }
    for (const host of ["", "0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1", "localhost.example"]) {
      assert.ok(!isLoopback(host), host);
    }
  });
});

describe("watchFiles", () => {
  it("sees a file that is written, replaced, removed and back", async () => {
    const file = join(temporaryFolder(), "watched");
    let changes = 0;
    noteOthers();
    const end = watchFiles([file], () => changes++, 5);
    for (const [index, act] of [
      () => writeFileSync(file, "one"),
      () => writeFileSync(file, "three"),
      () => rmSync(file),
      () => writeFileSync(file, "four"),
    ].entries()) {
      act();
      await until(() => changes === index + 1, `change ${index}`);
    }
    end();
    hangUp();
    assert.equal(changes, 4);
  });
});

function shaOf(certificate: Certificate): string {
  return (certificate.sha256.toUpperCase().match(/../g) ?? []).join(":");
}
