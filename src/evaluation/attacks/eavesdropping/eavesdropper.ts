import { exportAes128Key } from "../../../crypto/aes128.ts";
import { importX25519PrivateKey, x25519 } from "../../../crypto/x25519.ts";
import { decodeJoinAccept } from "../../../lorawan/join/join-accept.ts";
import {
  decodeJoinRequest,
  type JoinRequest,
  verifyJoinRequestMic,
} from "../../../lorawan/join/join-request.ts";
import { decryptJoinAccept } from "../../../lorawan/join/secure-join-accept.ts";
import { decodeMhdr, MType } from "../../../lorawan/mhdr.ts";
import type { UpdateTranscript } from "../../../root-key/derivation/context.ts";
import { deriveCandidateKeys } from "../../../root-key/derivation/derive-root-keys.ts";
import { newKeyReadyReqMic } from "../../../root-key/derivation/update-mic.ts";
import { collectFragment, type FragmentCollection } from "../../../root-key/fragments.ts";
import {
  decodeRootKeyDownlink,
  decodeRootKeyUplink,
  type HealingKeyReadyReq,
  type HealingUpdateReq,
  type NewKeyReadyReq,
  type RootKeyUpdateReq,
} from "../../../root-key/messages.ts";
import type { RootKeys } from "../../../root-key/root-keys.ts";
import { type AirSession, openCommand } from "./air-frame.ts";
import { sessionKeysOf } from "./join-facts.ts";

/** What was said in an update, as far as it was heard. */
export interface OverheardUpdate {
  readonly transcript: UpdateTranscript;
  readonly session: AirSession;
  /** The device's proof of the new keys: it says whether a guess is right. */
  readonly mic: Uint8Array;
}

/**
 * Somebody who got the root keys of a device once and has every frame since, and sends nothing. It derives the
 * session keys of each join, reads the root key commands, and follows from one generation to the next.
 */
export class Eavesdropper {
  /** The newest root keys it knows. */
  rootKeys: RootKeys;
  /** Updates it heard, whether it could follow or not. */
  readonly updates: OverheardUpdate[] = [];
  /** Data frames that it could make nothing of. */
  unread = 0;
  #joinRequest: JoinRequest | undefined;
  #session: AirSession | undefined;
  #request: RootKeyUpdateReq | HealingUpdateReq | undefined;
  #fragments: { up: FragmentCollection | undefined; down: FragmentCollection | undefined } = {
    up: undefined,
    down: undefined,
  };
  #candidate: RootKeys | undefined;
  #isLost = false;

  constructor(rootKeys: RootKeys) {
    this.rootKeys = rootKeys;
  }

  hear(phyPayload: Uint8Array): void {
    switch (decodeMhdr(phyPayload[0] as number)) {
      case MType.JoinRequest:
        this.#hearJoinRequest(phyPayload);
        break;
      case MType.JoinAccept:
        this.#hearJoinAccept(phyPayload);
        break;
      default:
        this.#hearData(phyPayload);
    }
  }

  /**
   * The new keys of an update, once its proof confirms them.
   *
   * @param sharedSecrets guesses of Z, of a healing update
   */
  recover(update: OverheardUpdate, sharedSecrets: readonly Uint8Array[]): RootKeys | undefined {
    const { transcript, session } = update;
    const isHealing = transcript.edPublicKey !== undefined;
    for (const secret of isHealing ? sharedSecrets : [undefined]) {
      const keys = deriveCandidateKeys(this.rootKeys, transcript, session, secret);
      if (Buffer.compare(newKeyReadyReqMic(keys, transcript), update.mic) === 0) return keys;
    }
    return undefined;
  }

  /** A Join-request shows which of the keys that it knows are in use, if any. */
  #hearJoinRequest(phyPayload: Uint8Array): void {
    this.#session = undefined;
    this.#joinRequest = decodeJoinRequest(phyPayload);
    const candidate = this.#candidate;
    const known = candidate === undefined ? [this.rootKeys] : [candidate, this.rootKeys];
    const inUse = known.find(({ nwkKey }) => verifyJoinRequestMic(phyPayload, nwkKey));
    this.#isLost = inUse === undefined;
    this.rootKeys = inUse ?? this.rootKeys;
  }

  #hearJoinAccept(phyPayload: Uint8Array): void {
    if (this.#joinRequest === undefined || this.#isLost) return;
    const { joinEui, devNonce } = this.#joinRequest;
    const accept = decodeJoinAccept(decryptJoinAccept(phyPayload, this.rootKeys.nwkKey));
    const { joinNonce, devAddr, dlSettings } = accept;
    const { optNeg } = dlSettings;
    const keys = sessionKeysOf(this.rootKeys, { optNeg, joinNonce, joinEui, devNonce });
    this.#session = { ...keys, devAddr, joinNonce, optNeg };
    this.#candidate = undefined;
  }

  #hearData(phyPayload: Uint8Array): void {
    const command = this.#session && openCommand(this.#session, phyPayload);
    if (command === undefined) {
      this.unread++;
      return;
    }
    const direction = command.isUplink ? "up" : "down";
    let { octets } = command;
    if (octets[0] === 0x82) {
      const { collected, message } = collectFragment(this.#fragments[direction], octets);
      this.#fragments[direction] = collected;
      if (message === undefined) return;
      octets = message;
    }
    if (command.isUplink) {
      this.#hearUplink(octets);
    } else {
      const downlink = decodeRootKeyDownlink(octets);
      if (downlink.command === "RootKeyUpdateReq") this.#request = downlink;
    }
  }

  #hearUplink(octets: Uint8Array): void {
    const uplink = decodeRootKeyUplink(octets);
    if (uplink.command !== "NewKeyReadyReq") return;
    const update = this.#overheard(uplink);
    if (update === undefined) return;
    this.updates.push(update);
    this.#candidate = this.recover(update, this.#guesses(update));
  }

  #overheard(ready: NewKeyReadyReq | HealingKeyReadyReq): OverheardUpdate | undefined {
    const request = this.#request;
    if (request === undefined || this.#session === undefined) return undefined;
    const { devEui, joinEui } = this.#joinRequest as JoinRequest;
    const { updateId, suite, jsNonce } = request;
    return {
      transcript: {
        devEui,
        joinEui,
        updateId,
        suite,
        jsNonce,
        edNonce: ready.edNonce,
        jsPublicKey: "jsPublicKey" in request ? request.jsPublicKey : undefined,
        edPublicKey: "edPublicKey" in ready ? ready.edPublicKey : undefined,
      },
      session: this.#session,
      mic: ready.mic,
    };
  }

  /** Z from everything it has: nothing, what was sent, and the keys it knows as if they were private keys. */
  #guesses({ transcript, session }: OverheardUpdate): Uint8Array[] {
    const { jsPublicKey, edPublicKey } = transcript;
    if (jsPublicKey === undefined || edPublicKey === undefined) return [];
    const known = knownSecrets(this.rootKeys, session);
    return [
      new Uint8Array(32),
      jsPublicKey,
      edPublicKey,
      ...known,
      ...known.flatMap((secret) => [exchange(secret, jsPublicKey), exchange(secret, edPublicKey)]),
    ];
  }
}

/** Every secret it can name, as 32 octets: keys in pairs. */
function knownSecrets(rootKeys: RootKeys, session: AirSession): Uint8Array[] {
  const keys = [
    rootKeys.nwkKey,
    rootKeys.appKey,
    session.fNwkSIntKey,
    session.sNwkSIntKey,
    session.nwkSEncKey,
    session.appSKey,
  ].map(exportAes128Key);
  return keys.flatMap((a) => keys.map((b) => Uint8Array.of(...a, ...b)));
}

function exchange(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return x25519(importX25519PrivateKey(privateKey), publicKey) ?? new Uint8Array(32);
}
