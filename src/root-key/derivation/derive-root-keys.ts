import { exportAes128Key, importAes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import type { RootKeys } from "../root-keys.ts";
import { parseSuiteOctet, Suite } from "../suite.ts";
import { deriveAesCmac } from "../suites/aes-cmac.ts";
import { deriveHkdfSha256 } from "../suites/hkdf-sha256.ts";
import type {
  DerivedKeyBytes,
  KeyDerivation,
  KeyDerivationInput,
} from "../suites/key-derivation.ts";
import { deriveRabbit } from "../suites/rabbit.ts";
import { checkedRabbitCore } from "../suites/rabbit-core/checked-core.ts";
import type { RabbitCore } from "../suites/rabbit-core/rabbit-core.ts";
import { deriveRabbitSplit } from "../suites/rabbit-split.ts";
import { encodeUpdateContext, type UpdateSession, type UpdateTranscript } from "./context.ts";

const KEY_DERIVATIONS: Readonly<Record<Suite, KeyDerivation>> = {
  [Suite.RabbitSplit]: deriveRabbitSplit,
  [Suite.Rabbit]: deriveRabbit,
  [Suite.AesCmac]: deriveAesCmac,
  [Suite.HkdfSha256]: deriveHkdfSha256,
};

const SHARED_SECRET_BYTES = 32;

export interface DeriveRootKeysInput extends RootKeys {
  readonly suite: Suite;
  /** From `encodeUpdateContext`: 96 octets. */
  readonly context: Uint8Array;
  /** Z of a healing update: 32 octets. */
  readonly sharedSecret?: Uint8Array | undefined;
}

/** The root keys of the next generation from those of this one. No octets of the new ones stay in memory. */
export function deriveRootKeys({ nwkKey, appKey, ...input }: DeriveRootKeysInput): RootKeys {
  const isOneKey = nwkKey === appKey;
  const nwkKeyBytes = exportAes128Key(nwkKey);
  const appKeyBytes = isOneKey ? nwkKeyBytes : exportAes128Key(appKey);
  const keys = derive({ ...input, nwkKey: nwkKeyBytes, appKey: appKeyBytes }, importRootKeys);
  nwkKeyBytes.fill(0);
  appKeyBytes.fill(0);
  return keys;
}

/**
 * The root keys that an update leads to when the device is in `session`: both sides' way from the
 * current keys to the candidate.
 *
 * @param sharedSecret Z of a healing update, undefined in a plain one
 * @throws WarrenError `value-out-of-range` for a suite octet nobody knows, or a secret that is missing or
 *   does not belong to the kind that the octet names
 */
export function deriveCandidateKeys(
  currentKeys: RootKeys,
  transcript: UpdateTranscript,
  session: UpdateSession,
  sharedSecret?: Uint8Array,
): RootKeys {
  const kind = parseSuiteOctet(transcript.suite);
  // Without this a healing update could quietly be derived as a plain one.
  if (kind === undefined || kind.isHealing !== (sharedSecret?.length === SHARED_SECRET_BYTES)) {
    throw new WarrenError(
      "value-out-of-range",
      "a healing update has a shared secret, others none",
    );
  }
  const { joinNonce } = session;
  const context = encodeUpdateContext({ ...transcript, joinNonce, sessionKeys: session });
  return deriveRootKeys({ ...currentKeys, suite: kind.suite, context, sharedSecret });
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
  return derive(input, copyDerived);
}

/** @param take gets bytes that are wiped when it returns */
function derive<T>(input: DeriveRootKeyBytesInput, take: (derived: DerivedKeyBytes) => T): T {
  const core = coreFor(input);
  if (core !== undefined) return core.derive(input, input.suite === Suite.RabbitSplit, take);
  const derived = KEY_DERIVATIONS[input.suite](input);
  const taken = take(derived);
  for (const bytes of [derived.kdk, derived.nwkKey, derived.appKey]) bytes.fill(0);
  return taken;
}

/** The WebAssembly core, if it has the suite and can be used. */
function coreFor({
  suite,
  context,
  sharedSecret,
}: DeriveRootKeyBytesInput): RabbitCore | undefined {
  if (suite !== Suite.Rabbit && suite !== Suite.RabbitSplit) return undefined;
  const core = checkedRabbitCore();
  return core?.takes(context.length + (sharedSecret?.length ?? 0)) ? core : undefined;
}

function importRootKeys({ nwkKey, appKey }: DerivedKeyBytes): RootKeys {
  return { nwkKey: importAes128Key(nwkKey), appKey: importAes128Key(appKey) };
}

function copyDerived({ kdk, nwkKey, appKey }: DerivedKeyBytes): DerivedKeyBytes {
  return {
    kdk: new Uint8Array(kdk),
    nwkKey: new Uint8Array(nwkKey),
    appKey: new Uint8Array(appKey),
  };
}
