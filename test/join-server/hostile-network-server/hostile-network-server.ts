import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { encodeRejoinRequest } from "../../../src/lorawan/join/rejoin-request.ts";
import { splitIntoFragments } from "../../../src/root-key/fragments.ts";
import {
  headerOf,
  type JoinServerRig,
  type Json,
  joinMembers,
  NET_ID,
  openEnvelope,
  resultOf,
} from "../../support/join-server-rig.ts";
import type { AirRequest } from "../../support/test-device.ts";
import type { Victim } from "./victim.ts";

/**
 * A Network Server that is on record and does what it likes: it keeps all it ever gets, and sends any of it,
 * changed or not, to anybody at any time. What it may not have is in no answer.
 */
export class HostileNetworkServer {
  readonly joinRequests: AirRequest[] = [];
  readonly accepts: string[] = [];
  readonly down: string[] = [];
  readonly up: string[] = [];
  readonly sNwkSIntKeys: string[] = [];
  /** Everything it was ever given, with the keys it can unwrap. */
  readonly given: string[] = [];
  rejoinsForged = 0;
  refusalsForged = 0;
  readonly #url: string;
  readonly #rig: JoinServerRig;
  readonly #victim: Victim;

  constructor(url: string, rig: JoinServerRig, victim: Victim) {
    this.#url = url;
    this.#rig = rig;
    this.#victim = victim;
  }

  hear(request: AirRequest): void {
    this.joinRequests.push(request);
    this.given.push(formatHex(request.phyPayload));
  }

  hearUp(command: string | undefined): void {
    if (command === undefined) return;
    this.up.push(command);
    this.given.push(command);
  }

  /** A request of the Join Server to send down, whole and, if it is long, in fragments. */
  take(command: string | undefined): void {
    if (command === undefined) return;
    this.given.push(command);
    const parts = command.startsWith("83") ? splitIntoFragments(parseHex(command)) : [];
    this.down.push(command, ...parts.map((part) => formatHex(part)));
  }

  async ask(messageType: string, members: Json): Promise<Json> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...headerOf(messageType), ...members }),
    });
    const text = await response.text();
    this.given.push(text);
    return JSON.parse(text) as Json;
  }

  /** Hands a Join-request or Rejoin-request in, whoever made it. @returns whether it was accepted */
  async forwardJoin(request: AirRequest): Promise<boolean> {
    const { device, kind } = this.#victim;
    const isJoin = request.joinReqType === 0xff;
    const members = joinMembers(device, request, { optNeg: kind.optNeg });
    const answer = await this.ask(isJoin ? "JoinReq" : "RejoinReq", members);
    if (resultOf(answer) !== "Success") return false;
    this.accepts.push(answer["PHYPayload"] as string);
    for (const name of ["NwkSKey", "FNwkSIntKey", "SNwkSIntKey", "NwkSEncKey"]) {
      if (answer[name] === undefined) continue;
      const key = openEnvelope(answer[name], this.#rig.nsKek);
      this.given.push(key);
      if (name === "SNwkSIntKey") this.sNwkSIntKeys.push(key);
    }
    return true;
  }

  /** It has SNwkSIntKey, so the MIC of types 0 and 2 is no obstacle. */
  async forgeRejoin(rejoinType: 0 | 2, key: string, rjCount0: number): Promise<void> {
    const { devEui } = this.#victim.device;
    const phyPayload = encodeRejoinRequest(
      { rejoinType, netId: NET_ID as never, devEui, rjCount0 },
      importAes128Key(parseHex(key)),
    );
    const { currentKeys: keys } = this.#victim.device;
    const forged = { phyPayload, joinReqType: rejoinType, nonce: rjCount0, which: "current", keys };
    if (await this.forwardJoin(forged as AirRequest)) this.rejoinsForged++;
  }

  async askUpdate(): Promise<void> {
    const { devEui: DevEUI } = this.#victim.device;
    const { MACCommand } = await this.ask("RootKeyUpdateReq", { DevEUI, Reason: "age" });
    this.take(MACCommand as string | undefined);
  }

  async sendUp(command: string): Promise<void> {
    const { devEui: DevEUI } = this.#victim.device;
    const answer = await this.ask("RootKeyCommandReq", { DevEUI, MACCommand: command });
    this.take(answer["MACCommand"] as string | undefined);
  }
}

/** A text of hex with one octet of it changed. */
export function mutate(text: string, where: number, by: number): string {
  const octets = parseHex(text);
  if (octets.length === 0) return text;
  const index = where % octets.length;
  octets[index] = (octets[index] as number) ^ (1 + (by % 255));
  return formatHex(octets);
}
