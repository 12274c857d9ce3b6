import { exportAes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import {
  DERIVATIONS,
  derivationOf,
  RABBIT_KDF,
} from "../../src/evaluation/key-derivation-times/derivations.ts";
import type { Derive } from "../../src/evaluation/key-derivation-times/derive.ts";
import { NODE_CRYPTO } from "../../src/evaluation/key-derivation-times/in-javascript/node-crypto.ts";
import { PURE_TYPESCRIPT } from "../../src/evaluation/key-derivation-times/in-javascript/pure-typescript.ts";
import { webassembly } from "../../src/evaluation/key-derivation-times/in-javascript/webassembly.ts";
import type { BenchCase } from "../measure.ts";

const NWK_KEY = new Uint8Array(16).map((_, index) => index);
const APP_KEY = new Uint8Array(16).map((_, index) => 16 + index);
/** What an update uses: 32 octets of binding and four session keys. */
const CONTEXT = new Uint8Array(96).map((_, index) => 32 + index);

/** The case that ratios are to. */
export const RABBIT_KDF_CASE = derivationOf(RABBIT_KDF).name;

/** The paper's Table 3, and every suite with the context of a real update, as the Join Server derives. */
export function keyDerivationCases(): BenchCase[] {
  const nwkKey = importAes128Key(NWK_KEY);
  const core = webassembly();
  return [
    ...DERIVATIONS.map(({ id, name, contextBytes }) => {
      const derive = (NODE_CRYPTO[id] ?? core?.[id] ?? PURE_TYPESCRIPT[id]) as Derive;
      const context = CONTEXT.subarray(0, contextBytes);
      return { name, run: () => derive({ nwkKey: NWK_KEY, appKey: APP_KEY, context }) };
    }),
    { name: "for scale: export of a key", run: () => exportAes128Key(nwkKey) },
  ];
}
