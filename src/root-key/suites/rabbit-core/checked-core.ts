import { equalBytes } from "../../../crypto/constant-time.ts";
import { Rabbit } from "../../../crypto/rabbit/rabbit.ts";
import type { KeyDerivation } from "../key-derivation.ts";
import { deriveRabbit } from "../rabbit.ts";
import { deriveRabbitSplit } from "../rabbit-split.ts";
import { RabbitCore } from "./rabbit-core.ts";

/** RFC 4503 A.1 test 2: key and first 32 octets of the keystream, octets reversed. */
const KNOWN_KEY = "acc351dcf162fc3bfe363d2e29132891";
const KNOWN_KEYSTREAM = "9c51e28784c37fe9a127f63ec8f32d3d19fc5485aa53bf96885b40f461cd76f5";

/** A context in blocks (as in the paper, as in an update) and in parts of one; a shared secret or none. */
const CONTEXT_BYTES = [64, 96, 21, 0];
const SHARED_SECRET_BYTES = [0, 32];

let isLoaded = false;
let core: RabbitCore | undefined;

/**
 * The core, made and checked when it is first asked for: against the RFC, and both suites against their
 * TypeScript.
 *
 * @returns undefined where it cannot run or does not give the same octets: TypeScript derives then
 */
export function checkedRabbitCore(): RabbitCore | undefined {
  if (!isLoaded) {
    isLoaded = true;
    core = checkRabbitCore(() => new RabbitCore());
  }
  return core;
}

/** @param make for tests: a core that fails, or one that is wrong */
export function checkRabbitCore(make: () => RabbitCore): RabbitCore | undefined {
  try {
    const made = make();
    const isRight =
      givesKnownKeystream(made) &&
      givesSameKeys(made, deriveRabbit, false) &&
      givesSameKeys(made, deriveRabbitSplit, true);
    return isRight ? made : undefined;
  } catch {
    // No vector instructions, or WebAssembly switched off.
    return undefined;
  }
}

function givesKnownKeystream(made: RabbitCore): boolean {
  const keystream = made.keystream(Buffer.from(KNOWN_KEY, "hex"));
  return equalBytes(keystream, Buffer.from(KNOWN_KEYSTREAM, "hex"));
}

function givesSameKeys(made: RabbitCore, derive: KeyDerivation, isSplit: boolean): boolean {
  const octets = new Rabbit(Buffer.from(KNOWN_KEY, "hex"));
  return CONTEXT_BYTES.every((contextBytes) =>
    SHARED_SECRET_BYTES.every((secretBytes) => {
      const input = {
        nwkKey: octets.keystream(16),
        appKey: octets.keystream(16),
        context: octets.keystream(contextBytes),
        sharedSecret: octets.keystream(secretBytes),
      };
      const expected = derive(input);
      return made.derive(input, isSplit, (given) =>
        [
          equalBytes(given.kdk, expected.kdk),
          equalBytes(given.nwkKey, expected.nwkKey),
          equalBytes(given.appKey, expected.appKey),
        ].every(Boolean),
      );
    }),
  );
}
