import { importAes128Key } from "../../../crypto/aes128.ts";
import { parseEui64 } from "../../../lorawan/identifiers.ts";
import { encodeJoinRequest, verifyJoinRequestMic } from "../../../lorawan/join/join-request.ts";
import { deriveSessionKeys11 } from "../../../lorawan/keys/session-keys.ts";
import { encodeUpdateContext } from "../../../root-key/derivation/context.ts";
import { deriveRootKeyBytes } from "../../../root-key/derivation/derive-root-keys.ts";
import { newKeyReadyReqMic } from "../../../root-key/derivation/update-mic.ts";
import type { Suite } from "../../../root-key/suite.ts";
import type { SeededRandom } from "../../random/seeded-random.ts";
import type { ExpandedKeys } from "../expanders/expander-readings.ts";
import { SUITE_EXPANDERS } from "../expanders/suite-expanders.ts";

const identity = {
  devEui: parseEui64("70b3d57ed0001234"),
  joinEui: parseEui64("70b3d57ed0000001"),
};

/**
 * What an attacker has who knows the old AppKey and the context of an update, not the old NwkKey, and has
 * heard what the device sent under the new keys. To make a search end, most bits of the key derivation key
 * are known too: in each of its halves all but the lowest `widthBits` of the first two octets.
 */
export interface CapturedUpdate {
  readonly suite: Suite;
  readonly widthBits: number;
  /** The unknown bits are zero. */
  readonly knownKdk: Uint8Array;
  readonly appKey: Uint8Array;
  readonly context: Uint8Array;
  /** Whether the Join-requests heard verify under it: two of them, so that 64 bits are compared. */
  readonly testNwkKey: (nwkKey: Uint8Array) => boolean;
  /** Whether the proof of NewKeyReadyReq verifies under both keys: 32 bits. */
  readonly testBoth: (keys: ExpandedKeys) => boolean;
  /** What is looked for, to tell whether the search was right. */
  readonly newKeys: ExpandedKeys;
}

/**
 * An update as suite and protocol make it, with old keys and nonces drawn at random.
 *
 * @param widthBits 1 to 16
 */
export function captureUpdate(
  suite: Suite,
  widthBits: number,
  random: SeededRandom,
): CapturedUpdate {
  const nwkKey = random.bytes(16);
  const appKey = random.bytes(16);
  const transcript = {
    ...identity,
    updateId: 1,
    suite,
    jsNonce: random.bytes(3),
    edNonce: random.bytes(4),
  };
  const joinNonce = 1;
  const sessionKeys = deriveSessionKeys11({
    nwkKey: importAes128Key(nwkKey),
    appKey: importAes128Key(appKey),
    joinNonce,
    joinEui: identity.joinEui,
    devNonce: 0,
  });
  const context = encodeUpdateContext({ ...transcript, joinNonce, sessionKeys });
  const input = { nwkKey, appKey, context };
  const kdk = SUITE_EXPANDERS[suite].extract(input);
  if (unknownBitsOf(kdk, "high", widthBits) === 0) {
    // What a search of one half assumes of the other would be right by luck.
    return captureUpdate(suite, widthBits, random);
  }
  const newKeys = deriveRootKeyBytes({ ...input, suite });
  const newNwkKey = importAes128Key(newKeys.nwkKey);
  const joinRequests = [1, 2].map((devNonce) =>
    encodeJoinRequest({ ...identity, devNonce }, newNwkKey),
  );
  const micUnder = (keys: ExpandedKeys) =>
    newKeyReadyReqMic(
      { nwkKey: importAes128Key(keys.nwkKey), appKey: importAes128Key(keys.appKey) },
      transcript,
    );
  const mic = micUnder(newKeys);
  const withoutLow = withUnknownBits(kdk, "low", widthBits, 0);
  return {
    suite,
    widthBits,
    knownKdk: withUnknownBits(withoutLow, "high", widthBits, 0),
    appKey,
    context,
    testNwkKey: (guess) => {
      const key = importAes128Key(guess);
      return joinRequests.every((phyPayload) => verifyJoinRequestMic(phyPayload, key));
    },
    testBoth: (guess) => Buffer.compare(micUnder(guess), mic) === 0,
    newKeys,
  };
}

export type KdkHalf = "low" | "high";

/** A copy of `kdk` in which the unknown bits of a half are `value`, 0 to 2^widthBits - 1. */
export function withUnknownBits(
  kdk: Uint8Array,
  half: KdkHalf,
  widthBits: number,
  value: number,
): Uint8Array {
  const copy = kdk.slice();
  const view = new DataView(copy.buffer);
  const offset = offsetOf(kdk, half);
  const known = view.getUint16(offset, true) & ~maskOf(widthBits);
  view.setUint16(offset, known | value, true);
  return copy;
}

function unknownBitsOf(kdk: Uint8Array, half: KdkHalf, widthBits: number): number {
  const view = new DataView(kdk.buffer, kdk.byteOffset);
  return view.getUint16(offsetOf(kdk, half), true) & maskOf(widthBits);
}

function offsetOf(kdk: Uint8Array, half: KdkHalf): number {
  return half === "low" ? 0 : kdk.length / 2;
}

function maskOf(widthBits: number): number {
  return 2 ** widthBits - 1;
}
