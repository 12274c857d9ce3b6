import { importAes128Key } from "../../../crypto/aes128.ts";
import type { RandomBytes } from "../../../crypto/random.ts";
import { type Eui64, parseEui64 } from "../../../lorawan/identifiers.ts";
import { JoinReqType } from "../../../lorawan/join/join-accept-mic.ts";
import { encodeJoinRequest } from "../../../lorawan/join/join-request.ts";
import { openJoinAccept } from "../../../lorawan/join/secure-join-accept.ts";
import { deriveJsIntKey } from "../../../lorawan/keys/join-server-keys.ts";
import { isLorawan11, type MacVersion } from "../../../lorawan/mac-version.ts";
import { type DeviceUpdateState, initialDeviceState } from "../../../root-key/device-state.ts";
import { joinAccepted, keysForNextJoin } from "../../../root-key/device-update.ts";
import type { RootKeys, WhichKeys } from "../../../root-key/root-keys.ts";
import type { AirSession } from "./air-frame.ts";
import { sessionKeysOf } from "./join-facts.ts";

/** A Join-request, with what its answer is opened by. */
export interface OutstandingJoin {
  readonly phyPayload: Uint8Array;
  readonly devNonce: number;
  readonly which: WhichKeys;
  readonly keys: RootKeys;
}

/** The device of a recorded network: joins and the state of its updates. */
export class RecordedDevice {
  readonly devEui: Eui64 = parseEui64("70b3d57ed0001234");
  readonly joinEui: Eui64 = parseEui64("70b3d57ed0000001");
  update: DeviceUpdateState;
  readonly #macVersion: MacVersion;
  #devNonce = 0;

  constructor(macVersion: MacVersion, random: RandomBytes) {
    this.#macVersion = macVersion;
    const nwkKey = importAes128Key(random(16));
    // A 1.0.x device without GenAppKey has one root key in both places.
    const appKey = isLorawan11(macVersion) ? importAes128Key(random(16)) : nwkKey;
    this.update = initialDeviceState(this, { nwkKey, appKey });
  }

  get currentKeys(): RootKeys {
    return this.update.currentKeys;
  }

  joinRequest(): OutstandingJoin {
    const { state, which, keys } = keysForNextJoin(this.update);
    this.update = state;
    const devNonce = this.#devNonce++;
    const { joinEui, devEui } = this;
    const phyPayload = encodeJoinRequest({ joinEui, devEui, devNonce }, keys.nwkKey);
    return { phyPayload, devNonce, which, keys };
  }

  /** The session that an answer to `join` makes. Throws when it does not verify. */
  receiveJoinAccept(join: OutstandingJoin, phyPayload: Uint8Array): AirSession {
    const { keys, devNonce } = join;
    const { joinEui } = this;
    const isVersion11 = isLorawan11(this.#macVersion);
    const { joinNonce, devAddr, dlSettings } = openJoinAccept({
      phyPayload,
      encryptionKey: keys.nwkKey,
      rootKey: keys.nwkKey,
      ...(isVersion11 && {
        mic11: {
          jsIntKey: deriveJsIntKey(keys.nwkKey, this.devEui),
          joinReqType: JoinReqType.JoinRequest,
          joinEui,
          devNonce,
        },
      }),
    });
    this.update = joinAccepted(this.update, join.which);
    const optNeg = isVersion11 && dlSettings.optNeg;
    const sessionKeys = sessionKeysOf(keys, { optNeg, joinNonce, joinEui, devNonce });
    return { ...sessionKeys, devAddr, joinNonce, optNeg };
  }
}
