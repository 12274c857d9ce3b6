import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { freeTcpPort } from "../../src/cli/run/free-port.ts";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { importKek } from "../../src/crypto/key-wrap.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { JoinReqType } from "../../src/lorawan/join/join-accept-mic.ts";
import { encodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import { openJoinAccept } from "../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsIntKey } from "../../src/lorawan/keys/join-server-keys.ts";
import { deriveSessionKeys10, deriveSessionKeys11 } from "../../src/lorawan/keys/session-keys.ts";
import { type Json, keyHex, openEnvelope } from "../support/join-server-rig.ts";
import { readAsChirpStack, readAsTheThingsStack } from "../support/strict-decoders.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/peers.md`, "utf8");
const JOIN_EUI = parseEui64("70b3d57ed0000001");

describe("docs/peers.md, followed from an empty folder", () => {
  const folder = temporaryFolder();
  const text = (name: string) => readFileSync(join(folder, name), "utf8").trim();
  const key = (name: string) => importAes128Key(parseHex(text(name)));
  const kek = (name: string) => importKek(parseHex(text(name)));
  let shell: ChildProcess;
  let output = "";
  let port: number;

  before(async () => {
    port = await freeTcpPort("127.0.0.1", 0);
    const adminPort = await freeTcpPort("127.0.0.1", 0);
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block);
    assert.equal(blocks.length, 7);
    // The script goes on until it is told to end; then it ends the Join Server that it started.
    const script = [
      "set -eu",
      ...blocks.map((block) => block?.replaceAll("7070", `${port}`)),
      "echo; echo FOLLOWED; read -r _; kill %1; wait",
    ].join("\n");
    writeFileSync(join(folder, "script"), script);
    shell = spawn("bash", ["-m", "script"], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${root}bin:${process.env["PATH"]}`,
        WARREN_BACKEND_PORT: `${port}`,
        WARREN_ADMIN_PORT: `${adminPort}`,
        WARREN_URL: `http://127.0.0.1:${adminPort}`,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      const take = (chunk: Buffer): void => {
        output += chunk.toString();
        if (output.includes("FOLLOWED")) resolve();
      };
      shell.stdout?.on("data", take);
      shell.stderr?.on("data", take);
      shell.once("exit", (code) => reject(new Error(`${code}: ${output}`)));
    });
  });
  after(async () => {
    shell.stdin?.end("\n");
    await new Promise((resolve) => shell.once("exit", resolve));
  });

  /** As a peer with the certificate of this name. */
  function ask(certificate: string, body: string): Promise<Json> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        ...{ host: "127.0.0.1", port, method: "POST", path: "/", agent: false },
        ...{ servername: "js.example.com", ca: text("js-ca.pem") },
        ...{ cert: text(`${certificate}.pem`), key: text(`${certificate}.key`) },
        headers: { "content-type": "application/json" },
      });
      outgoing.on("error", reject);
      outgoing.on("response", async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        assert.equal(response.statusCode, 200);
        resolve(JSON.parse(Buffer.concat(chunks).toString()));
      });
      outgoing.end(body);
    });
  }
  const codeOf = (answer: Json) => (answer["Result"] as Json)["ResultCode"];

  it("shows that the certificates fit", () => {
    assert.match(output, /"ResultCode":"Success".*"HNetID":"000013"/);
  });

  it("joins a device of ChirpStack, whose AppSKey comes with the answer", async () => {
    const devEui = parseEui64("0102030405060708");
    const appKey = key("app.key");
    const frame = formatHex(encodeJoinRequest({ joinEui: JOIN_EUI, devEui, devNonce: 7 }, appKey));
    const body = `{"ProtocolVersion":"1.0","SenderID":"000013","ReceiverID":"${JOIN_EUI}","TransactionID":3735928559,"MessageType":"JoinReq","MACVersion":"1.0.3","PHYPayload":"${frame}","DevEUI":"${devEui}","DevAddr":"26000001","DLSettings":"00","RxDelay":1}`;
    const answer = await ask("chirpstack", body);
    readAsChirpStack(answer);
    assert.equal(codeOf(answer), "Success");
    assert.ok(!("SessionKeyID" in answer), "which would hide the AppSKey");
    const accept = openJoinAccept({
      phyPayload: parseHex(answer["PHYPayload"] as string),
      encryptionKey: appKey,
      rootKey: appKey,
    });
    const { joinNonce, netId } = accept;
    const keys = deriveSessionKeys10({ key: appKey, joinNonce, netId, devNonce: 7 });
    assert.equal(
      openEnvelope(answer["NwkSKey"], kek("chirpstack-ns.kek")),
      keyHex(keys.fNwkSIntKey),
    );
    assert.equal(openEnvelope(answer["AppSKey"], kek("chirpstack-as.kek")), keyHex(keys.appSKey));
    assert.equal((answer["AppSKey"] as Json)["KEKLabel"], "as:chirpstack");
    assert.equal(codeOf(await ask("tts", body)), "UnknownSender");
  });

  it("joins a device of The Things Stack, which asks for the AppSKey itself", async () => {
    const devEui = parseEui64("0102030405060709");
    const [appKey, nwkKey] = [key("app.key"), key("nwk.key")];
    const phyPayload = encodeJoinRequest({ joinEui: JOIN_EUI, devEui, devNonce: 1 }, nwkKey);
    const body = `{"ProtocolVersion":"1.0","TransactionID":0,"MessageType":"JoinReq","SenderID":"000014","ReceiverID":"${JOIN_EUI.toUpperCase()}","MACVersion":"1.1","PHYPayload":"${formatHex(phyPayload).toUpperCase()}","DevEUI":"${devEui}","DevAddr":"26000002","DLSettings":"80","RxDelay":5}`;
    const answer = await ask("tts", body);
    readAsTheThingsStack(answer);
    assert.equal(codeOf(answer), "Success");
    const accept = openJoinAccept({
      phyPayload: parseHex(answer["PHYPayload"] as string),
      encryptionKey: nwkKey,
      rootKey: nwkKey,
      mic11: {
        jsIntKey: deriveJsIntKey(nwkKey, devEui),
        joinReqType: JoinReqType.JoinRequest,
        joinEui: JOIN_EUI,
        devNonce: 1,
      },
    });
    const keys = deriveSessionKeys11({
      ...{ appKey, nwkKey, joinEui: JOIN_EUI },
      ...{ joinNonce: accept.joinNonce, devNonce: 1 },
    });
    const nsKek = kek("tts-ns.kek");
    assert.equal(openEnvelope(answer["SNwkSIntKey"], nsKek), keyHex(keys.sNwkSIntKey));
    const asked = await ask(
      "tts",
      `{"ProtocolVersion":"1.0","TransactionID":0,"MessageType":"AppSKeyReq","SenderID":"tts.example.com","ReceiverID":"${JOIN_EUI}","DevEUI":"${devEui}","SessionKeyID":"${String(answer["SessionKeyID"]).toUpperCase()}"}`,
    );
    readAsTheThingsStack(asked);
    assert.equal(openEnvelope(asked["AppSKey"], kek("tts-as.kek")), keyHex(keys.appSKey));
  });
});
