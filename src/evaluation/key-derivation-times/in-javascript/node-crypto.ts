import { aesCmac } from "../../../crypto/aes-cmac.ts";
import { aes128Encrypt, importAes128Key } from "../../../crypto/aes128.ts";
import { hkdf } from "../../../crypto/hkdf.ts";
import { deriveRootKeyBytes } from "../../../root-key/derivation/derive-root-keys.ts";
import { Suite } from "../../../root-key/suite.ts";
import { ROOT_KEY_LABEL } from "../../../root-key/suites/label.ts";
import type { Derive, DeriveInput, Implementation } from "../derive.ts";
import { appSKeyBlock, fNwkSIntKeyBlock, networkKeyBlocks } from "./session-key-blocks.ts";

const OUTPUT_BITS = Uint8Array.of(0x01, 0x00);
const NOTHING = new Uint8Array(0);

/** Through `node:crypto`, as the Join Server derives. OpenSSL has no Rabbit. */
export const NODE_CRYPTO: Implementation = {
  "aes-cmac-80": suite(Suite.AesCmac),
  "hkdf-sha256-suite-80": suite(Suite.HkdfSha256),
  "hkdf-sha1": (input) => hkdfOf80("sha1", input),
  "hkdf-sha256": (input) => hkdfOf80("sha256", input),
  "aes-cmac-sp800-108": expandByCmac,
  "aes-ecb": ({ nwkKey, context }) =>
    aes128Encrypt(importAes128Key(nwkKey), fNwkSIntKeyBlock(context)),
  "session-keys": ({ nwkKey, appKey, context }) =>
    concatenate(
      aes128Encrypt(importAes128Key(nwkKey), networkKeyBlocks(context)),
      aes128Encrypt(importAes128Key(appKey), appSKeyBlock(context)),
    ),
  "aes-cmac-112": suite(Suite.AesCmac),
  "hkdf-sha256-suite-112": suite(Suite.HkdfSha256),
};

function suite(suite: Suite): Derive {
  return (input) => {
    const { nwkKey, appKey } = deriveRootKeyBytes({ suite, ...input });
    return concatenate(nwkKey, appKey);
  };
}

/** As in the paper's comparison: the 80 octets are the keying material; kb is the salt. */
function hkdfOf80(hash: "sha1" | "sha256", { nwkKey, appKey, context }: DeriveInput): Uint8Array {
  const ikm = concatenate(nwkKey, context);
  return hkdf({ hash, ikm, salt: appKey, info: NOTHING, lengthBytes: 32 });
}

/** SP 800-108 in counter mode under one root key. */
function expandByCmac({ nwkKey, context }: DeriveInput): Uint8Array {
  const key = importAes128Key(nwkKey);
  const block = (counter: number) =>
    aesCmac(key, concatenate(Uint8Array.of(counter), ROOT_KEY_LABEL, context, OUTPUT_BITS));
  return concatenate(block(1), block(2));
}

function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  const octets = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    octets.set(part, offset);
    offset += part.length;
  }
  return octets;
}
