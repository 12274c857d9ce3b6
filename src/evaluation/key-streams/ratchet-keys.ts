import { importAes128Key } from "../../crypto/aes128.ts";
import { type Eui64, parseEui64 } from "../../lorawan/identifiers.ts";
import { deriveSessionKeys11 } from "../../lorawan/keys/session-keys.ts";
import { encodeUpdateContext } from "../../root-key/derivation/context.ts";
import { deriveRootKeyBytes } from "../../root-key/derivation/derive-root-keys.ts";
import type { Suite } from "../../root-key/suite.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { DerivedKeyPairs } from "./derived-key-pairs.ts";
import { KEY_BYTES, type KeyStream, type KeyStreamOptions } from "./key-stream.ts";

const JOIN_EUI: Eui64 = parseEui64("70b3d57ed0000001");
/** JoinNonce has 24 bits, DevNonce and UpdateID 16, and an UpdateID is never 0. */
const JOIN_NONCES = 2 ** 24;
const DEV_NONCES = 2 ** 16;
const UPDATE_IDS = 2 ** 16 - 1;

/**
 * The life of one device that does nothing but update its root keys: it joins (LoRaWAN 1.1 session keys
 * from the root keys), updates with the context of that session, and the new keys are the root keys of the
 * next round. UpdateID, JoinNonce and DevNonce count, JSNonce and EDNonce are drawn.
 *
 * A sequence is a device: it has its own first root keys, DevEUI and nonces, so that long chains, which
 * cannot be divided, need not be made.
 */
export function openRatchetKeys(
  suite: Suite,
  { seed, sequence = 0, keys = "both" }: KeyStreamOptions,
): KeyStream {
  const random = new SeededRandom(seed, `device ${sequence} of the ratchet mode`);
  const devEui = parseEui64(sequence.toString(16).padStart(16, "0"));
  let nwkKey = random.bytes(KEY_BYTES);
  let appKey = random.bytes(KEY_BYTES);
  let updates = 0;
  return new DerivedKeyPairs(keys, () => {
    const joinNonce = updates % JOIN_NONCES;
    const sessionKeys = deriveSessionKeys11({
      nwkKey: importAes128Key(nwkKey),
      appKey: importAes128Key(appKey),
      joinNonce,
      joinEui: JOIN_EUI,
      devNonce: updates % DEV_NONCES,
    });
    const context = encodeUpdateContext({
      devEui,
      joinEui: JOIN_EUI,
      updateId: 1 + (updates % UPDATE_IDS),
      suite,
      jsNonce: random.bytes(3),
      edNonce: random.bytes(4),
      joinNonce,
      sessionKeys,
    });
    updates++;
    const derived = deriveRootKeyBytes({ suite, nwkKey, appKey, context });
    // Copies: what the caller does with a key must not change the chain.
    nwkKey = derived.nwkKey.slice();
    appKey = derived.appKey.slice();
    return derived;
  });
}
