import { exportAes128Key, importAes128Key } from "../crypto/aes128.ts";
import { WarrenError } from "../errors.ts";
import { encodeUpdateContext, type UpdateSession, type UpdateTranscript } from "./context.ts";
import type { RootKeys } from "./root-keys.ts";
import { Suite } from "./suite.ts";
import { deriveAesCmac } from "./suites/aes-cmac.ts";
import { deriveHkdfSha256 } from "./suites/hkdf-sha256.ts";
import type {
  DerivedKeyBytes,
  KeyDerivation,
  KeyDerivationInput,
} from "./suites/key-derivation.ts";
import { deriveRabbit } from "./suites/rabbit.ts";
import { deriveRabbitSplit } from "./suites/rabbit-split.ts";

const KEY_DERIVATIONS: Readonly<Record<Suite, KeyDerivation>> = {
  [Suite.RabbitSplit]: deriveRabbitSplit,
  [Suite.Rabbit]: deriveRabbit,
  [Suite.AesCmac]: deriveAesCmac,
  [Suite.HkdfSha256]: deriveHkdfSha256,
};

export interface DeriveRootKeysInput extends RootKeys {
  readonly suite: Suite;
  /** From `encodeUpdateContext`: 96 octets. */
  readonly context: Uint8Array;
}

/** The root keys of the next generation from those of this one. */
export function deriveRootKeys({ suite, nwkKey, appKey, context }: DeriveRootKeysInput): RootKeys {
  const derived = deriveRootKeyBytes({
    suite,
    nwkKey: exportAes128Key(nwkKey),
    appKey: exportAes128Key(appKey),
    context,
  });
  return { nwkKey: importAes128Key(derived.nwkKey), appKey: importAes128Key(derived.appKey) };
}

/**
 * The root keys that an update leads to when the device is in `session`: both sides' way from the
 * current keys to the candidate.
 */
export function deriveCandidateKeys(
  currentKeys: RootKeys,
  transcript: UpdateTranscript & { readonly suite: Suite },
  session: UpdateSession,
): RootKeys {
  const { joinNonce } = session;
  const context = encodeUpdateContext({ ...transcript, joinNonce, sessionKeys: session });
  return deriveRootKeys({ ...currentKeys, suite: transcript.suite, context });
}

export interface DeriveRootKeyBytesInput extends KeyDerivationInput {
  readonly suite: Suite;
}

/**
 * The same on plain bytes, with the key derivation key in between: for known answers and comparison,
 * not for keys in use. Takes a context of any length.
 *
 * @throws WarrenError `key-malformed` unless both keys have 16 bytes
 */
export function deriveRootKeyBytes(input: DeriveRootKeyBytesInput): DerivedKeyBytes {
  if (input.nwkKey.length !== 16 || input.appKey.length !== 16) {
    throw new WarrenError("key-malformed", "a root key has 16 bytes");
  }
  return KEY_DERIVATIONS[input.suite](input);
}
