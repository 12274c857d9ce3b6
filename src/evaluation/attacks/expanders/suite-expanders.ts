import { expand as hkdfExpand } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { aesCmac } from "../../../crypto/aes-cmac.ts";
import { importAes128Key } from "../../../crypto/aes128.ts";
import { xorBytes } from "../../../crypto/bytes/xor.ts";
import { hkdfExtract } from "../../../crypto/hkdf.ts";
import { Rabbit, rabbitBlock } from "../../../crypto/rabbit/rabbit.ts";
import { Suite } from "../../../root-key/suite.ts";
import { inputKeyingMaterial } from "../../../root-key/suites/input-keying-material.ts";
import type { KeyDerivationInput } from "../../../root-key/suites/key-derivation.ts";
import { ROOT_KEY_LABEL } from "../../../root-key/suites/label.ts";
import { rabbitChain } from "../../../root-key/suites/rabbit-chain.ts";
import { type Expander, findExpanderReading } from "./expander-readings.ts";

/** A suite in its two steps: what an attacker computes who starts in the middle. */
export interface SuiteExpander {
  /** From old root keys and context to the key derivation key (kkdk; PRK of HKDF). */
  readonly extract: (input: KeyDerivationInput) => Uint8Array;
  readonly expand: Expander;
  /** 16 octets, 32 in HKDF-SHA-256. */
  readonly kdkBytes: number;
}

const NOTHING = new Uint8Array(0);
const ZERO_KEY = importAes128Key(new Uint8Array(16));

function extractWithRabbit(input: KeyDerivationInput): Uint8Array {
  return rabbitChain(input.nwkKey, input.context, input.sharedSecret);
}

/** Each composes to what `deriveRootKeyBytes` gives. */
export const SUITE_EXPANDERS: Readonly<Record<Suite, SuiteExpander>> = {
  [Suite.RabbitSplit]: {
    kdkBytes: 16,
    extract: extractWithRabbit,
    expand: findExpanderReading("E1").expand,
  },
  [Suite.Rabbit]: {
    kdkBytes: 16,
    extract: extractWithRabbit,
    expand: (kdk, kb) => {
      const keystream = new Rabbit(xorBytes(rabbitBlock(kdk), kb)).keystream(32);
      return { nwkKey: keystream.subarray(0, 16), appKey: keystream.subarray(16) };
    },
  },
  [Suite.AesCmac]: {
    kdkBytes: 16,
    extract: (input) => aesCmac(ZERO_KEY, inputKeyingMaterial(input)),
    expand: (kdk, _kb, context) => {
      const key = importAes128Key(kdk);
      const block = (counter: number) =>
        aesCmac(key, Uint8Array.of(counter, ...ROOT_KEY_LABEL, ...context, 0x01, 0x00));
      return { nwkKey: block(1), appKey: block(2) };
    },
  },
  [Suite.HkdfSha256]: {
    kdkBytes: 32,
    extract: (input) =>
      hkdfExtract({ hash: "sha256", ikm: inputKeyingMaterial(input), salt: NOTHING }),
    expand: (kdk, _kb, context) => {
      const okm = hkdfExpand(sha256, kdk, Uint8Array.of(...ROOT_KEY_LABEL, ...context), 32);
      return { nwkKey: okm.subarray(0, 16), appKey: okm.subarray(16) };
    },
  },
};
