import { aesCmac } from "../../crypto/aes-cmac.ts";
import { importAes128Key } from "../../crypto/aes128.ts";
import { ByteWriter } from "../../lorawan/byte-writer.ts";
import { inputKeyingMaterial } from "./input-keying-material.ts";
import type { DerivedKeyBytes, KeyDerivationInput } from "./key-derivation.ts";
import { ROOT_KEY_LABEL } from "./label.ts";

/** The salt of the extraction: all zeros. */
const ZERO_KEY = importAes128Key(new Uint8Array(16));
/** [L]: 256 bits of output, the one big-endian integer here, as SP 800-108 has it. */
const OUTPUT_BITS = Uint8Array.of(0x01, 0x00);

/**
 * Suite 2: extraction after SP 800-56C and expansion after SP 800-108 in counter mode, both with
 * AES-CMAC, which every LoRaWAN device has: kkdk = CMAC(0^16, ka ‖ kb) and
 * Ki = CMAC(kkdk, [i] ‖ "RootKey" ‖ 0x00 ‖ c ‖ 0x0100), i = 1, 2. In a healing update
 * kkdk = CMAC(0^16, ka ‖ kb ‖ Z).
 */
export function deriveAesCmac(input: KeyDerivationInput): DerivedKeyBytes {
  const kdk = aesCmac(ZERO_KEY, inputKeyingMaterial(input));
  const kdkKey = importAes128Key(kdk);
  const expand = (counter: number) =>
    aesCmac(
      kdkKey,
      new ByteWriter()
        .uint8(counter, "counter")
        .bytes(ROOT_KEY_LABEL)
        .bytes(input.context)
        .bytes(OUTPUT_BITS)
        .toBytes(),
    );
  return { kdk, nwkKey: expand(1), appKey: expand(2) };
}
