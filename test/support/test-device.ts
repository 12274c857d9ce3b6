import { type Aes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { type Eui64, parseEui64 } from "../../src/lorawan/identifiers.ts";
import type { ReceivedJoinAccept } from "../../src/lorawan/join/join-accept.ts";
import { JoinReqType } from "../../src/lorawan/join/join-accept-mic.ts";
import { encodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import { encodeRejoinRequest } from "../../src/lorawan/join/rejoin-request.ts";
import { openJoinAccept } from "../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../src/lorawan/keys/join-server-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
  type SessionKeys,
} from "../../src/lorawan/keys/session-keys.ts";
import { isLorawan11, type MacVersion } from "../../src/lorawan/mac-version.ts";
import { type DeviceUpdateState, initialDeviceState } from "../../src/root-key/device-state.ts";
import {
  joinAccepted,
  keysForNextJoin,
  nextRootKeyUplink,
  receiveNewKeyReadyAns,
  receiveRootKeyUpdateReq,
} from "../../src/root-key/device-update.ts";
import { CID_NEW_KEY_READY } from "../../src/root-key/mac-commands.ts";
import type { RootKeys, WhichKeys } from "../../src/root-key/root-keys.ts";
import { ALL_SUITES, type Suite } from "../../src/root-key/suite.ts";

export interface DeviceSession extends SessionKeys {
  readonly joinNonce: number;
  readonly optNeg: boolean;
  readonly netId: string;
}

/** A request on air, with what its answer is opened by. */
export interface AirRequest {
  readonly phyPayload: Uint8Array;
  readonly joinReqType: JoinReqType;
  /** DevNonce or RJcount. */
  readonly nonce: number;
  readonly which: WhichKeys;
  readonly keys: RootKeys;
}

export function randomKey(): Aes128Key {
  return importAes128Key(systemRandomBytes(16));
}

let devicesMade = 0;

/** Room for every root key message. */
const LONGEST_UPLINK_BYTES = 222;

/** The device's end of joins, rejoins and root key updates, made of `src/lorawan` and `src/root-key`. */
export class TestDevice {
  readonly devEui: Eui64;
  readonly joinEui: Eui64 = parseEui64("70b3d57ed0000001");
  readonly macVersion: MacVersion;
  readonly supportedSuites: readonly Suite[] = ALL_SUITES;
  update: DeviceUpdateState;
  devNonce = 0;
  rjCount0 = 0;
  rjCount1 = 0;
  session: DeviceSession | undefined;
  /** Every key it ever had, for searches. */
  readonly allKeys: Aes128Key[] = [];

  constructor(macVersion: MacVersion, keys?: Partial<RootKeys>) {
    devicesMade += 1;
    this.devEui = parseEui64(
      (0x0102030400000000n + BigInt(devicesMade)).toString(16).padStart(16, "0"),
    );
    this.macVersion = macVersion;
    const nwkKey = keys?.nwkKey ?? randomKey();
    const appKey = keys?.appKey ?? (isLorawan11(macVersion) ? randomKey() : nwkKey);
    this.update = initialDeviceState(this, { nwkKey, appKey });
    this.allKeys.push(nwkKey, appKey);
  }

  get currentKeys(): RootKeys {
    return this.update.currentKeys;
  }

  /** A Join-request with the next DevNonce, under the keys whose turn it is. */
  joinRequest(): AirRequest {
    const { state, which, keys } = keysForNextJoin(this.update);
    this.update = state;
    const nonce = this.devNonce++;
    return this.joinRequestUnder(keys, nonce, which);
  }

  joinRequestUnder(keys: RootKeys, nonce: number, which: WhichKeys = "current"): AirRequest {
    const fields = { joinEui: this.joinEui, devEui: this.devEui, devNonce: nonce };
    const phyPayload = encodeJoinRequest(fields, keys.nwkKey);
    return { phyPayload, joinReqType: JoinReqType.JoinRequest, nonce, which, keys };
  }

  /** A Rejoin-request with the next RJcount. */
  rejoinRequest(rejoinType: 0 | 1 | 2): AirRequest {
    const session = this.sessionInUse();
    const keys = this.currentKeys;
    const nonce = rejoinType === 1 ? this.rjCount1++ : this.rjCount0++;
    const phyPayload =
      rejoinType === 1
        ? encodeRejoinRequest(
            { rejoinType, joinEui: this.joinEui, devEui: this.devEui, rjCount1: nonce },
            deriveJsIntKey(keys.nwkKey, this.devEui),
          )
        : encodeRejoinRequest(
            { rejoinType, netId: session.netId as never, devEui: this.devEui, rjCount0: nonce },
            session.sNwkSIntKey,
          );
    return { phyPayload, joinReqType: rejoinType, nonce, which: "current", keys };
  }

  /** Opens the answer to `request` and goes into the session it makes. Throws when it does not verify. */
  receiveJoinAccept(request: AirRequest, phyPayload: Uint8Array): ReceivedJoinAccept {
    const { joinReqType, keys, nonce } = request;
    const isJoin = joinReqType === JoinReqType.JoinRequest;
    const accept = openJoinAccept({
      phyPayload,
      encryptionKey: isJoin ? keys.nwkKey : deriveJsEncKey(keys.nwkKey, this.devEui),
      rootKey: keys.nwkKey,
      ...(isLorawan11(this.macVersion) && {
        mic11: {
          jsIntKey: deriveJsIntKey(keys.nwkKey, this.devEui),
          joinReqType,
          joinEui: this.joinEui,
          devNonce: nonce,
        },
      }),
    });
    if (isJoin) this.update = joinAccepted(this.update, request.which);
    this.session = this.deriveSession(accept, keys, nonce);
    this.rjCount0 = 0;
    const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey } = this.session;
    this.allKeys.push(fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey);
    return accept;
  }

  sessionInUse(): DeviceSession {
    if (this.session === undefined) throw new Error("the device has not joined");
    return this.session;
  }

  /**
   * A root key command from the Join Server: returns what the device sends up next, undefined for
   * nothing. After a NewKeyReadyAns its next Join-request is under the candidate.
   */
  receiveCommand(octetsHex: string, isBusy = false): string | undefined {
    const octets = parseHex(octetsHex);
    if (octets[0] === CID_NEW_KEY_READY) {
      this.update = receiveNewKeyReadyAns(this.update, octets).state;
      return undefined;
    }
    const received = receiveRootKeyUpdateReq(this.update, octets, this.sessionInUse(), {
      random: systemRandomBytes,
      supportedSuites: this.supportedSuites,
      supportsHealing: true,
      isBusy,
    });
    this.update = received.state;
    const next = nextRootKeyUplink(this.update, LONGEST_UPLINK_BYTES);
    this.update = next.state;
    const { candidate } = this.update;
    if (candidate) this.allKeys.push(candidate.keys.nwkKey, candidate.keys.appKey);
    const up = next.octets ?? received.answer;
    return up && formatHex(up);
  }

  private deriveSession(accept: ReceivedJoinAccept, keys: RootKeys, nonce: number): DeviceSession {
    const { joinNonce, netId } = accept;
    const optNeg = isLorawan11(this.macVersion) && accept.dlSettings.optNeg;
    const derived = optNeg
      ? deriveSessionKeys11({ ...keys, joinNonce, joinEui: this.joinEui, devNonce: nonce })
      : deriveSessionKeys10({ key: keys.nwkKey, joinNonce, netId, devNonce: nonce });
    return { ...derived, joinNonce, optNeg, netId };
  }
}
