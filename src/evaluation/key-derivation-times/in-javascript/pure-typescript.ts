import { cmac, ecb } from "@noble/ciphers/aes.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import type { KeyDerivation } from "../../../root-key/suites/key-derivation.ts";
import { ROOT_KEY_LABEL } from "../../../root-key/suites/label.ts";
import { deriveRabbit } from "../../../root-key/suites/rabbit.ts";
import { deriveRabbitSplit } from "../../../root-key/suites/rabbit-split.ts";
import type { Derive, DeriveInput, Implementation } from "../derive.ts";
import { appSKeyBlock, fNwkSIntKeyBlock, networkKeyBlocks } from "./session-key-blocks.ts";

const ZERO_KEY = new Uint8Array(16);
/** [L] of SP 800-108: 256 bits. */
const OUTPUT_BITS = Uint8Array.of(0x01, 0x00);
const OUTPUT_BYTES = 32;

/** Without native code: Rabbit of this program; AES, SHA-1 and SHA-256 of the noble libraries. */
export const PURE_TYPESCRIPT: Implementation = {
  "rabbit-split-80": rabbit(deriveRabbitSplit),
  "rabbit-80": rabbit(deriveRabbit),
  "aes-cmac-80": cmacInTwoSteps,
  "hkdf-sha256-suite-80": hkdfSuite,
  "hkdf-sha1": ({ nwkKey, appKey, context }) =>
    hkdf(sha1, concatBytes(nwkKey, context), appKey, undefined, OUTPUT_BYTES),
  "hkdf-sha256": ({ nwkKey, appKey, context }) =>
    hkdf(sha256, concatBytes(nwkKey, context), appKey, undefined, OUTPUT_BYTES),
  "aes-cmac-sp800-108": ({ nwkKey, context }) => expandByCmac(nwkKey, context),
  "aes-ecb": ({ nwkKey, context }) => encrypt(nwkKey, fNwkSIntKeyBlock(context)),
  "session-keys": ({ nwkKey, appKey, context }) =>
    concatBytes(encrypt(nwkKey, networkKeyBlocks(context)), encrypt(appKey, appSKeyBlock(context))),
  "rabbit-split-112": rabbit(deriveRabbitSplit),
  "rabbit-112": rabbit(deriveRabbit),
  "aes-cmac-112": cmacInTwoSteps,
  "hkdf-sha256-suite-112": hkdfSuite,
};

function rabbit(derive: KeyDerivation): Derive {
  return (input) => {
    const { nwkKey, appKey } = derive(input);
    return concatBytes(nwkKey, appKey);
  };
}

/** Suite 2 (`deriveAesCmac`). */
function cmacInTwoSteps({ nwkKey, appKey, context }: DeriveInput): Uint8Array {
  return expandByCmac(cmac(concatBytes(nwkKey, appKey), ZERO_KEY), context);
}

/** SP 800-108 in counter mode. */
function expandByCmac(key: Uint8Array, context: Uint8Array): Uint8Array {
  const block = (counter: number) =>
    cmac(concatBytes(Uint8Array.of(counter), ROOT_KEY_LABEL, context, OUTPUT_BITS), key);
  return concatBytes(block(1), block(2));
}

/** Suite 3 (`deriveHkdfSha256`). */
function hkdfSuite({ nwkKey, appKey, context }: DeriveInput): Uint8Array {
  const info = concatBytes(ROOT_KEY_LABEL, context);
  return hkdf(sha256, concatBytes(nwkKey, appKey), undefined, info, OUTPUT_BYTES);
}

function encrypt(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  return ecb(key, { disablePadding: true }).encrypt(blocks);
}
