import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answerTypeOf, decodeHeader, encodeAnswerHeader } from "../../../src/backend/header.ts";
import { decodeJoinReq, encodeJoinAns, type JoinReq } from "../../../src/backend/join-messages.ts";
import { type LabelledKek, sealKeyEnvelope } from "../../../src/backend/key-envelope.ts";
import { Members } from "../../../src/backend/members.ts";
import type { Result } from "../../../src/backend/result-code.ts";
import { decodeRootKeyCommand } from "../../../src/backend/root-key-messages.ts";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import type { Eui64 } from "../../../src/lorawan/identifiers.ts";
import { decodeDlSettings } from "../../../src/lorawan/join/dl-settings.ts";
import type { JoinAcceptMic, JoinReqType } from "../../../src/lorawan/join/join-accept-mic.ts";
import { decodeJoinRequest } from "../../../src/lorawan/join/join-request.ts";
import { decodeRejoinRequest } from "../../../src/lorawan/join/rejoin-request.ts";
import { buildJoinAccept } from "../../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../../src/lorawan/keys/join-server-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
} from "../../../src/lorawan/keys/session-keys.ts";
import { type FakeDevice, NET_ID } from "./fake-device.ts";

export const NS_KEK: LabelledKek = {
  label: "ns:000001",
  kek: importKek(new Uint8Array(16).fill(0x11)),
};
export const AS_KEK: LabelledKek = {
  label: "as:test",
  kek: importKek(new Uint8Array(16).fill(0x22)),
};

type Json = Record<string, unknown>;

/** A Join Server over real HTTP that trusts every MIC and counts JoinNonce for all devices together. */
export class FakeJoinServer {
  readonly requests: Json[] = [];
  readonly devices = new Map<Eui64, FakeDevice>();
  /** Answers RootKeyCommandReq; nothing by default. */
  onRootKeyCommand: (octets: Uint8Array) => Promise<Uint8Array | undefined> = () =>
    Promise.resolve(undefined);
  /** Answers RootKeyUpdateReq; `Deferred` by default. */
  onRootKeyUpdate: () => { updateId: number; macCommand: Uint8Array } | undefined = () => undefined;
  /** RootKeyGeneration of the next JoinAns and RejoinAns; none by default, as from a foreign Join Server. */
  rootKeyGeneration: number | undefined;
  /** RootKeyMaxFrames likewise. */
  rootKeyMaxFrames: number | undefined;
  /** What happens before an answer leaves. */
  beforeAnswer: () => void | Promise<void> = () => undefined;
  readonly #server: Server;
  #joinNonce = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", async () => {
        const answer = await this.#answer(JSON.parse(Buffer.concat(chunks).toString()) as Json);
        await this.beforeAnswer();
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  requestsOf(messageType: string): Json[] {
    return this.requests.filter((request) => request["MessageType"] === messageType);
  }

  async #answer(body: Json): Promise<Json> {
    this.requests.push(body);
    const members = new Members(body);
    const header = decodeHeader(members);
    const answer = (value: Json | undefined): Json => {
      const result: Result = { resultCode: value === undefined ? "Deferred" : "Success" };
      return { ...encodeAnswerHeader(header, answerTypeOf(header.messageType), result), ...value };
    };
    switch (header.messageType) {
      case "JoinReq":
      case "RejoinReq":
        return answer(this.#join(decodeJoinReq(members), header.messageType));
      case "RootKeyCommandReq": {
        const down = await this.onRootKeyCommand(decodeRootKeyCommand(members).macCommand);
        return answer(down === undefined ? {} : { MACCommand: formatHex(down) });
      }
      case "RootKeyUpdateReq": {
        const started = this.onRootKeyUpdate();
        return answer(
          started && { UpdateID: started.updateId, MACCommand: formatHex(started.macCommand) },
        );
      }
      default:
        return answer(undefined);
    }
  }

  #join(request: JoinReq, messageType: string): Json | undefined {
    const device = this.devices.get(request.devEui);
    if (device === undefined) return undefined;
    const { devEui, joinEui, nwkKey, appKey } = device;
    const dlSettings = decodeDlSettings(request.dlSettings);
    const { nonce, type } = nonceOf(request.phyPayload, messageType);
    const joinNonce = ++this.#joinNonce;
    const keys = dlSettings.optNeg
      ? deriveSessionKeys11({ nwkKey, appKey, joinNonce, joinEui, devNonce: nonce })
      : deriveSessionKeys10({ key: nwkKey, joinNonce, netId: NET_ID, devNonce: nonce });
    const jsIntKey = deriveJsIntKey(nwkKey, devEui);
    const mic: JoinAcceptMic = dlSettings.optNeg
      ? { scheme: "1.1", jsIntKey, joinReqType: type as JoinReqType, joinEui, devNonce: nonce }
      : { scheme: "1.0", key: nwkKey };
    const { devAddr, rxDelay, cfList } = request;
    const seal = (key: typeof nwkKey) => sealKeyEnvelope(key, NS_KEK);
    return encodeJoinAns({
      phyPayload: buildJoinAccept({
        joinAccept: {
          joinNonce,
          netId: NET_ID,
          devAddr,
          dlSettings,
          rxDelay,
          ...(cfList !== undefined && { cfList }),
        },
        mic,
        encryptionKey: messageType === "JoinReq" ? nwkKey : deriveJsEncKey(nwkKey, devEui),
      }),
      lifetime: 0,
      networkKeys: dlSettings.optNeg
        ? {
            fNwkSIntKey: seal(keys.fNwkSIntKey),
            sNwkSIntKey: seal(keys.sNwkSIntKey),
            nwkSEncKey: seal(keys.nwkSEncKey),
          }
        : { nwkSKey: seal(keys.fNwkSIntKey) },
      appSKey: sealKeyEnvelope(keys.appSKey, AS_KEK),
      sessionKeyId: joinNonce.toString(16).padStart(32, "0"),
      ...(this.rootKeyGeneration !== undefined && { rootKeyGeneration: this.rootKeyGeneration }),
      ...(this.rootKeyMaxFrames !== undefined && { rootKeyMaxFrames: this.rootKeyMaxFrames }),
    });
  }
}

function nonceOf(phyPayload: Uint8Array, messageType: string): { nonce: number; type: number } {
  if (messageType === "JoinReq") {
    return { nonce: decodeJoinRequest(phyPayload).devNonce, type: 0xff };
  }
  const rejoin = decodeRejoinRequest(phyPayload);
  return {
    nonce: rejoin.rejoinType === 1 ? rejoin.rjCount1 : rejoin.rjCount0,
    type: rejoin.rejoinType,
  };
}
