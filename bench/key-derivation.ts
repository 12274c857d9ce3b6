import { exportAes128Key, importAes128Key } from "../src/crypto/aes128.ts";
import { hkdf } from "../src/crypto/hkdf.ts";
import { parseEui64 } from "../src/lorawan/identifiers.ts";
import { deriveSessionKeys11 } from "../src/lorawan/keys/session-keys.ts";
import { deriveRootKeyBytes } from "../src/root-key/derivation/derive-root-keys.ts";
import { ALL_SUITES, formatSuite } from "../src/root-key/suite.ts";
import type { BenchCase } from "./measure.ts";

const NWK_KEY = new Uint8Array(16).map((_, index) => index);
const APP_KEY = new Uint8Array(16).map((_, index) => 16 + index);
/** What an update uses: 32 octets of binding and four session keys. */
const CONTEXT = new Uint8Array(96).map((_, index) => 32 + index);
/** The paper's Table 3: pl = 80 octets of keying material, 16 of them the key. */
const PAPER_CONTEXT = CONTEXT.subarray(0, 64);

/** The paper's Table 3, and every suite with the context of a real update. */
export function keyDerivationCases(): BenchCase[] {
  const nwkKey = importAes128Key(NWK_KEY);
  const appKey = importAes128Key(APP_KEY);
  const joinEui = parseEui64("70b3d57ed0000001");
  const ikm = new Uint8Array([...NWK_KEY, ...PAPER_CONTEXT]);
  return [
    ...ALL_SUITES.map((suite) => ({
      name: `suite ${suite} ${formatSuite(suite)}, 96-octet context`,
      run: () => deriveRootKeyBytes({ suite, nwkKey: NWK_KEY, appKey: APP_KEY, context: CONTEXT }),
    })),
    {
      name: "paper: Rabbit KDF, 80 -> 32 octets",
      run: () =>
        deriveRootKeyBytes({
          suite: 0,
          nwkKey: NWK_KEY,
          appKey: APP_KEY,
          context: PAPER_CONTEXT,
        }),
    },
    {
      name: "paper: HKDF-SHA1, 80 -> 32 octets",
      run: () =>
        hkdf({ hash: "sha1", ikm, salt: APP_KEY, info: new Uint8Array(0), lengthBytes: 32 }),
    },
    {
      name: "paper: LoRaWAN 1.1 session keys, 4 x 16 octets",
      run: () => deriveSessionKeys11({ nwkKey, appKey, joinNonce: 1, joinEui, devNonce: 1 }),
    },
    { name: "for scale: export of a KeyObject", run: () => exportAes128Key(nwkKey) },
  ];
}
