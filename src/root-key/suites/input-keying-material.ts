import { ByteWriter } from "../../lorawan/byte-writer.ts";
import type { KeyDerivationInput } from "./key-derivation.ts";

const NOTHING = new Uint8Array(0);

/** IKM of the suites that extract from the keys alone: ka ‖ kb, and Z behind them in a healing update. */
export function inputKeyingMaterial(input: KeyDerivationInput): Uint8Array {
  return new ByteWriter()
    .bytes(input.nwkKey)
    .bytes(input.appKey)
    .bytes(input.sharedSecret ?? NOTHING)
    .toBytes();
}
