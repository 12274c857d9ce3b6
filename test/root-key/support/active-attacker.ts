import assert from "node:assert/strict";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { generateX25519PrivateKey, x25519, x25519PublicKey } from "../../../src/crypto/x25519.ts";
import {
  type AirSession,
  openCommand,
  sealCommand,
} from "../../../src/evaluation/attacks/eavesdropping/air-frame.ts";
import {
  acceptOf,
  sessionKeysOf,
} from "../../../src/evaluation/attacks/eavesdropping/join-facts.ts";
import { decodeJoinAccept } from "../../../src/lorawan/join/join-accept.ts";
import {
  decodeJoinRequest,
  encodeJoinRequest,
  type JoinRequest,
} from "../../../src/lorawan/join/join-request.ts";
import { decryptJoinAccept } from "../../../src/lorawan/join/secure-join-accept.ts";
import { decodeMhdr, MType } from "../../../src/lorawan/mhdr.ts";
import type { UpdateTranscript } from "../../../src/root-key/derivation/context.ts";
import { deriveCandidateKeys } from "../../../src/root-key/derivation/derive-root-keys.ts";
import { deriveRkuIntKey } from "../../../src/root-key/derivation/rku-int-key.ts";
import {
  newKeyReadyAnsMic,
  newKeyReadyReqMic,
  rootKeyUpdateReqMic,
} from "../../../src/root-key/derivation/update-mic.ts";
import {
  decodeHealingKeyReadyReq,
  decodeHealingUpdateReq,
  encodeHealingKeyReadyReq,
  encodeHealingUpdateReq,
  encodeNewKeyReadyAns,
  type HealingUpdateReq,
} from "../../../src/root-key/messages.ts";
import type { RootKeys } from "../../../src/root-key/root-keys.ts";

/** The two updates that it makes of one. */
interface Side {
  readonly transcript: UpdateTranscript;
  readonly keys: RootKeys;
}

/**
 * Somebody with the root keys of a device who stands between it and its servers while it updates, and puts a
 * public key of their own into each message. Device and Join Server then each agree with the attacker.
 */
export class ActiveAttacker {
  /** What the device, and the Join Server, take for the new keys. */
  ofDevice: Side | undefined;
  ofServer: Side | undefined;
  #rootKeys: RootKeys | undefined;
  readonly #privateKey = generateX25519PrivateKey(systemRandomBytes);
  readonly #publicKey = x25519PublicKey(this.#privateKey);
  #joinRequest: JoinRequest | undefined;
  #session: AirSession | undefined;
  #request: HealingUpdateReq | undefined;

  /** From when on it has the device's root keys. */
  steal(rootKeys: RootKeys): void {
    this.#rootKeys = rootKeys;
  }

  /** What it lets through instead of a frame. */
  tamper(phyPayload: Uint8Array): Uint8Array {
    switch (decodeMhdr(phyPayload[0] as number)) {
      case MType.JoinRequest:
        return this.#onJoinRequest(phyPayload);
      case MType.JoinAccept:
        return this.#onJoinAccept(phyPayload);
      default:
        return this.#onData(phyPayload);
    }
  }

  #onJoinRequest(phyPayload: Uint8Array): Uint8Array {
    this.#joinRequest = decodeJoinRequest(phyPayload);
    return this.ofServer === undefined
      ? phyPayload
      : encodeJoinRequest(this.#joinRequest, this.ofServer.keys.nwkKey);
  }

  #onJoinAccept(phyPayload: Uint8Array): Uint8Array {
    assert.ok(this.#joinRequest && this.#rootKeys);
    const { devEui, joinEui, devNonce } = this.#joinRequest;
    const keys = this.ofServer?.keys ?? this.#rootKeys;
    const accept = decodeJoinAccept(decryptJoinAccept(phyPayload, keys.nwkKey));
    const { joinNonce, devAddr, dlSettings } = accept;
    const facts = { optNeg: dlSettings.optNeg, joinNonce, joinEui, devNonce };
    this.#session = { ...sessionKeysOf(keys, facts), devAddr, ...facts };
    return this.ofDevice === undefined
      ? phyPayload
      : acceptOf(this.ofDevice.keys, { ...facts, devEui, devAddr });
  }

  #onData(phyPayload: Uint8Array): Uint8Array {
    assert.ok(this.#session);
    const command = openCommand(this.#session, phyPayload);
    assert.ok(command);
    const octets = command.isUplink
      ? this.#onUplink(command.octets)
      : this.#onDownlink(command.octets);
    return sealCommand(this.#session, { ...command, octets });
  }

  /** RootKeyUpdateReq with its own public key; later NewKeyReadyAns under the keys of the device. */
  #onDownlink(octets: Uint8Array): Uint8Array {
    assert.ok(this.#joinRequest && this.#rootKeys);
    if (this.ofDevice !== undefined) {
      const { transcript, keys } = this.ofDevice;
      const mic = newKeyReadyAnsMic(keys, transcript);
      return encodeNewKeyReadyAns({ updateId: transcript.updateId, mic });
    }
    const { devEui, joinEui } = this.#joinRequest;
    this.#request = decodeHealingUpdateReq(octets);
    const forged = { ...this.#request, devEui, joinEui, jsPublicKey: this.#publicKey };
    const rkuIntKey = deriveRkuIntKey(this.#rootKeys, devEui);
    return encodeHealingUpdateReq({ ...forged, mic: rootKeyUpdateReqMic(rkuIntKey, forged) });
  }

  /** NewKeyReadyReq with its own public key, under the keys that it shares with the Join Server. */
  #onUplink(octets: Uint8Array): Uint8Array {
    assert.ok(this.#joinRequest && this.#request);
    const { devEui, joinEui } = this.#joinRequest;
    const { edNonce, edPublicKey } = decodeHealingKeyReadyReq(octets);
    const { updateId, suite, jsNonce, jsPublicKey } = this.#request;
    const common = { devEui, joinEui, updateId, suite, jsNonce, edNonce };
    this.ofDevice = this.#agree(
      { ...common, jsPublicKey: this.#publicKey, edPublicKey },
      edPublicKey,
    );
    this.ofServer = this.#agree(
      { ...common, jsPublicKey, edPublicKey: this.#publicKey },
      jsPublicKey,
    );
    const mic = newKeyReadyReqMic(this.ofServer.keys, this.ofServer.transcript);
    return encodeHealingKeyReadyReq({ updateId, edNonce, edPublicKey: this.#publicKey, mic });
  }

  #agree(transcript: UpdateTranscript, publicKey: Uint8Array): Side {
    assert.ok(this.#session && this.#rootKeys);
    const secret = x25519(this.#privateKey, publicKey);
    const keys = deriveCandidateKeys(this.#rootKeys, transcript, this.#session, secret);
    return { transcript, keys };
  }
}
