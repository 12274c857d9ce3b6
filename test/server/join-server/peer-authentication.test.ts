import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { PeerConnection, type PeerCredentials } from "../../../src/backend/peer-connection.ts";
import { systemClock } from "../../../src/clock.ts";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import { sha256Hex } from "../../../src/crypto/sha256.ts";
import {
  DEFAULT_PEER_SETTINGS,
  type NetworkServerPeer,
  type PeerAuthentication,
} from "../../../src/join-server/peers.ts";
import { parseNetId } from "../../../src/lorawan/identifiers.ts";
import { listen } from "../../../src/server/http-app.ts";
import {
  type Certificate,
  makeCa,
  makeCertificate,
  makeServerCertificate,
  writeCertificate,
} from "../../support/certificates.ts";
import {
  headerOf,
  type Json,
  joinMembers,
  NET_ID,
  OTHER_NET_ID,
  resultOf,
  useJoinServer,
} from "../../support/join-server-rig.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TestDevice } from "../../support/test-device.ts";

const TOKEN = "b1d7f0a2c3e4456789abcdef01234567";
const UNKNOWN = { ResultCode: "UnknownSender", Description: "SenderID is not known here" };
/** Records are seen by the TLS listener within this time. */
const SEEN_MS = 700;

function networkServer(netId: string, authentication: PeerAuthentication): NetworkServerPeer {
  const kek = { label: netId, kek: importKek(new Uint8Array(16).fill(7)) };
  return {
    ...DEFAULT_PEER_SETTINGS,
    netId: parseNetId(netId),
    kek,
    relaysRootKeyUpdates: false,
    authentication,
  };
}

function mutualTls(
  changes: Partial<Extract<PeerAuthentication, { kind: "mutual-tls" }>>,
): PeerAuthentication {
  return { kind: "mutual-tls", ca: undefined, certificateSha256: [], names: [], ...changes };
}

const serverCa = await makeCa("CA of the Join Server");
const serverCertificate = await makeServerCertificate(serverCa);
// Both CAs have the same name: it is not by names that they are told apart.
const ca = await makeCa();
const otherCa = await makeCa();
const right = await makeCertificate({ name: "ns.example", issuer: ca });

describe("a peer with mutual TLS", () => {
  const tls = writeCertificate(temporaryFolder(), serverCertificate);
  const rig = useJoinServer({ backend: { tls, clock: systemClock } });
  const device = new TestDevice("1.0.3");
  let url: string;

  before(async () => {
    await record(mutualTls({ ca: ca.cert }));
    await rig.store.saveNetworkServer(networkServer(OTHER_NET_ID, mutualTls({ ca: otherCa.cert })));
    url = await listen(rig.backend, { host: "localhost", port: 0 });
    await rig.register(device);
  });
  after(() => rig.backend.close());

  async function record(authentication: PeerAuthentication): Promise<void> {
    await rig.store.saveNetworkServer(networkServer(NET_ID, authentication));
    if (url !== undefined) await sleep(SEEN_MS);
  }

  /** Asks over a new connection, or the one given. */
  async function ask(certificate?: Certificate, changes: Json = {}): Promise<unknown> {
    const connection = connect(certificate && { certificate });
    const answer = await askOver(connection, changes);
    await connection.close();
    return answer;
  }
  const connect = (credentials: PeerCredentials = {}) =>
    new PeerConnection(url, { ca: serverCa.cert, ...credentials });
  async function askOver(connection: PeerConnection, changes: Json = {}): Promise<unknown> {
    const members = joinMembers(device, device.joinRequest(), {});
    const { status, text } = await connection.post(
      { ...headerOf("JoinReq"), ...members, ...changes },
      2_000,
    );
    assert.equal(status, 200);
    return JSON.parse(text).Result;
  }
  const accepted = { ResultCode: "Success" };

  it("is known by a certificate of its CA", async () => {
    assert.deepEqual(await ask(right), accepted);
  });

  it("may ask many times over one connection", async () => {
    const connection = connect({ certificate: right });
    for (let count = 0; count < 5; count++) {
      assert.deepEqual(await askOver(connection), accepted);
    }
    await connection.close();
  });

  it("is not known without a certificate, whatever else it shows", async () => {
    assert.deepEqual(await ask(), UNKNOWN);
    const connection = connect({ authorization: `Bearer ${TOKEN}` });
    assert.deepEqual(await askOver(connection), UNKNOWN);
    await connection.close();
  });

  it("is not known by a certificate that is out of its time", async () => {
    assert.deepEqual(await ask(await makeCertificate({ issuer: ca, from: -3, to: -1 })), UNKNOWN);
    assert.deepEqual(await ask(await makeCertificate({ issuer: ca, from: 1, to: 3 })), UNKNOWN);
  });

  it("is not known by the certificate of another peer, nor the other by its", async () => {
    const others = await makeCertificate({ name: "ns.example", issuer: otherCa });
    assert.deepEqual(await ask(others), UNKNOWN);
    assert.deepEqual(await ask(right, { SenderID: OTHER_NET_ID }), UNKNOWN);
    const foreign = { ResultCode: "ActivationDisallowed" };
    const answer = (await ask(others, { SenderID: OTHER_NET_ID })) as Json;
    assert.equal(answer["ResultCode"], foreign.ResultCode, "the device is not its own");
  });

  it("is not known by certificates that others have made", async () => {
    const stranger = await makeCa();
    const wrong = {
      "of a CA of the same name": await makeCertificate({ issuer: stranger }),
      "of that CA, which it sends along": await makeCertificate({
        issuer: stranger,
        chain: [stranger],
      }),
      "self-signed": await makeCertificate({ name: "ns.example" }),
      "issued by a leaf of its CA": await makeCertificate({ issuer: right, chain: [right] }),
      "for servers only": await makeCertificate({ issuer: ca, usage: "server" }),
    };
    for (const [what, certificate] of Object.entries(wrong)) {
      assert.deepEqual(await ask(certificate), UNKNOWN, what);
    }
  });

  it("looks the same from outside as one that is not on record", async () => {
    assert.deepEqual(await ask(right, { SenderID: "00dead" }), UNKNOWN);
    assert.deepEqual(await ask(right, { SenderID: "nonsense" }), UNKNOWN);
    assert.deepEqual(await ask(right, { SenderID: "no-as", MessageType: "AppSKeyReq" }), UNKNOWN);
  });

  it("may be held to names of its certificate", async () => {
    const named = await makeCertificate({
      name: "x",
      dnsNames: ["a.example", "b.example"],
      issuer: ca,
    });
    await record(mutualTls({ ca: ca.cert, names: ["ns.example", "B.example"] }));
    assert.deepEqual(await ask(right), accepted, "common name");
    assert.deepEqual(await ask(named), accepted, "one of its DNS names");
    const other = await makeCertificate({ name: "example", dnsNames: ["*.example"], issuer: ca });
    assert.deepEqual(await ask(other), UNKNOWN);
  });

  it("may be held to one certificate of its CA", async () => {
    const second = await makeCertificate({ name: "ns.example", issuer: ca });
    await record(mutualTls({ ca: ca.cert, certificateSha256: [second.sha256, "00"] }));
    assert.deepEqual(await ask(second), accepted);
    assert.deepEqual(await ask(right), UNKNOWN);
  });

  it("may be pinned without any CA, self-signed or not, and still not out of its time", async () => {
    const self = await makeCertificate({ name: "self" });
    const stranger = await makeCertificate({ issuer: await makeCa() });
    const expired = await makeCertificate({ from: -3, to: -1 });
    const pins = [self, stranger, expired].map(({ sha256 }) => sha256);
    await record(mutualTls({ certificateSha256: pins }));
    assert.deepEqual(await ask(self), accepted);
    assert.deepEqual(await ask(stranger), accepted);
    assert.deepEqual(await ask(expired), UNKNOWN);
    assert.deepEqual(await ask(right), UNKNOWN);
    assert.deepEqual(await ask(await makeCertificate({ name: "self" })), UNKNOWN);
  });

  it("may have a self-signed certificate as its own CA", async () => {
    const self = await makeCertificate({ name: "self" });
    await record(mutualTls({ ca: self.cert }));
    assert.deepEqual(await ask(self), accepted);
    assert.deepEqual(await ask(await makeCertificate({ issuer: self, chain: [self] })), UNKNOWN);
  });

  it("may have certificates between its own and its CA, which are on record too", async () => {
    const between = await makeCa("between", ca);
    const leaf = await makeCertificate({ issuer: between, chain: [between] });
    const alone = await makeCertificate({ issuer: between });
    await record(mutualTls({ ca: between.cert }));
    assert.deepEqual(await ask(leaf), UNKNOWN, "without the root");
    await record(mutualTls({ ca: `${ca.cert}\n${between.cert}` }));
    assert.deepEqual(await ask(leaf), accepted);
    assert.deepEqual(await ask(alone), accepted, "whether it sends the one between or not");
    assert.deepEqual(await ask(right), accepted);
    const stranger = await makeCa("between", otherCa);
    const wrong = await makeCertificate({ issuer: stranger, chain: [stranger] });
    assert.deepEqual(await ask(wrong), UNKNOWN);
  });

  it("may change its CA for another, or have two, while the server runs", async () => {
    const next = await makeCa("next CA");
    const renewed = await makeCertificate({ issuer: next });
    const connection = connect({ certificate: renewed });
    await record(mutualTls({ ca: ca.cert }));
    assert.deepEqual(await askOver(connection), UNKNOWN);
    await record(mutualTls({ ca: `${ca.cert}\n${next.cert}` }));
    assert.deepEqual(await askOver(connection), accepted, "with no new start of the peer either");
    assert.deepEqual(await ask(right), accepted);
    await record(mutualTls({ ca: next.cert }));
    assert.deepEqual(await ask(right), UNKNOWN);
    await record(mutualTls({ ca: "no certificate" }));
    assert.deepEqual(await askOver(connection), UNKNOWN, "although it was connected before");
    assert.deepEqual(await ask(renewed), UNKNOWN);
    await connection.close();
  });

  it("shares the listener with peers that have a token", async () => {
    await record({ kind: "bearer", tokenHash: sha256Hex(TOKEN) });
    const connection = connect({ authorization: `Bearer ${TOKEN}` });
    assert.deepEqual(await askOver(connection), accepted);
    assert.deepEqual(await ask(right), UNKNOWN);
    await connection.close();
  });

  it("leaves nothing behind when it was refused", async () => {
    const before = rig.dump();
    assert.deepEqual(await ask(right), UNKNOWN);
    assert.equal(rig.dump(), before);
  });
});

describe("a peer without TLS", () => {
  const rig = useJoinServer();
  const device = new TestDevice("1.0.3");
  before(() => rig.register(device));

  async function asked(
    authentication: PeerAuthentication,
    headers: Record<string, string>,
    remoteAddress = "127.0.0.1",
  ): Promise<string> {
    await rig.store.saveNetworkServer(networkServer(NET_ID, authentication));
    const response = await rig.backend.inject({
      method: "POST",
      url: "/",
      payload: { ...headerOf("JoinReq"), ...joinMembers(device, device.joinRequest(), {}) },
      headers,
      remoteAddress,
    });
    return resultOf(response.json());
  }

  it("may ask from this machine itself, and from no other, nor through a proxy", async () => {
    const local: PeerAuthentication = { kind: "loopback" };
    for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
      assert.equal(await asked(local, {}, address), "Success");
    }
    for (const address of ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1"]) {
      assert.equal(await asked(local, {}, address), "UnknownSender");
    }
    for (const name of ["x-forwarded-for", "forwarded", "via", "x-forwarded-host", "x-client-ip"]) {
      assert.equal(await asked(local, { [name]: "127.0.0.1" }), "UnknownSender");
    }
    // A page in a browser on this machine, which may be anybody's.
    assert.equal(await asked(local, { origin: "http://evil.example" }), "UnknownSender");
    assert.equal(await asked(local, { "sec-fetch-site": "same-origin" }), "UnknownSender");
  });

  it("may ask from anywhere with its token, and with no other", async () => {
    const bearer: PeerAuthentication = { kind: "bearer", tokenHash: sha256Hex(TOKEN) };
    const with_ = (authorization: string) => asked(bearer, { authorization }, "203.0.113.9");
    assert.equal(await with_(`Bearer ${TOKEN}`), "Success");
    assert.equal(await with_(`bearer  ${TOKEN}`), "Success");
    for (const wrong of [
      "",
      "Bearer",
      "Bearer ",
      TOKEN,
      `Basic ${TOKEN}`,
      `Bearer ${TOKEN}0`,
      `Bearer ${TOKEN} ${TOKEN}`,
      `Bearer ${sha256Hex(TOKEN)}`,
    ]) {
      assert.equal(await with_(wrong), "UnknownSender", wrong);
    }
    assert.equal(await asked(bearer, {}), "UnknownSender", "not even from this machine");
  });

  it("is not known where a certificate is asked for", async () => {
    const pinned = mutualTls({ certificateSha256: ["00".repeat(32)] });
    assert.equal(await asked(pinned, {}), "UnknownSender");
  });
});
