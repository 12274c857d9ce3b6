import { exportAes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import {
  deriveRootKeyBytes,
  deriveRootKeys,
} from "../../src/root-key/derivation/derive-root-keys.ts";
import { Suite } from "../../src/root-key/suite.ts";
import type { DerivedKeyBytes } from "../../src/root-key/suites/key-derivation.ts";
import { deriveRabbit } from "../../src/root-key/suites/rabbit.ts";
import { checkedRabbitCore } from "../../src/root-key/suites/rabbit-core/checked-core.ts";
import { deriveRabbitSplit } from "../../src/root-key/suites/rabbit-split.ts";
import type { Contender, Round } from "./contender.ts";
import { contextOf, FIRST_KEYS, type SuiteCase } from "./suite-case.ts";

/** As C does it: octets in, octets out, into memory that is there. */
export const WEBASSEMBLY: Contender = {
  name: "WebAssembly, octets",
  run: chain((suiteCase) => {
    const core = checkedRabbitCore();
    if (core === undefined) throw new Error("the WebAssembly core cannot run here");
    const isSplit = suiteCase.suite === Suite.RabbitSplit;
    return (input, keys) =>
      core.derive(input, isSplit, (derived) => {
        keys.set(derived.nwkKey);
        keys.set(derived.appKey, 16);
      });
  }),
};

export const WITH_NEW_ARRAYS: Contender = {
  name: "WebAssembly, as deriveRootKeyBytes",
  run: chain(({ suite }) => (input, keys) => {
    store(deriveRootKeyBytes({ suite, ...input }), keys);
  }),
};

export const TYPESCRIPT: Contender = {
  name: "TypeScript",
  run: chain(({ suite }) => {
    const derive = suite === Suite.RabbitSplit ? deriveRabbitSplit : deriveRabbit;
    return (input, keys) => store(derive(input), keys);
  }),
};

/** As an update derives: from key objects to key objects. */
export const KEY_OBJECTS: Contender = {
  name: "WebAssembly, key objects",
  run: (suiteCase, repeats) => {
    const { suite } = suiteCase;
    const context = contextOf(suiteCase);
    let keys = {
      nwkKey: importAes128Key(FIRST_KEYS.subarray(0, 16)),
      appKey: importAes128Key(FIRST_KEYS.subarray(16)),
    };
    const start = process.hrtime.bigint();
    for (let repeat = 0; repeat < repeats; repeat++) {
      keys = deriveRootKeys({ suite, context, ...keys });
    }
    const ns = Number(process.hrtime.bigint() - start);
    const lastKeys = [keys.nwkKey, keys.appKey].map((key) => formatHex(exportAes128Key(key)));
    return { ns, lastKeys: lastKeys.join("") };
  },
};

interface Input {
  readonly nwkKey: Uint8Array;
  readonly appKey: Uint8Array;
  readonly context: Uint8Array;
}

function chain(
  stepOf: (suiteCase: SuiteCase) => (input: Input, keys: Uint8Array) => void,
): (suiteCase: SuiteCase, repeats: number) => Round {
  return (suiteCase, repeats) => {
    const keys = FIRST_KEYS.slice();
    // Views, so that the keys change without a new object a derivation.
    const input = {
      nwkKey: keys.subarray(0, 16),
      appKey: keys.subarray(16),
      context: contextOf(suiteCase),
    };
    const step = stepOf(suiteCase);
    const start = process.hrtime.bigint();
    for (let repeat = 0; repeat < repeats; repeat++) step(input, keys);
    return { ns: Number(process.hrtime.bigint() - start), lastKeys: formatHex(keys) };
  };
}

function store({ nwkKey, appKey }: DerivedKeyBytes, keys: Uint8Array): void {
  keys.set(nwkKey);
  keys.set(appKey, 16);
}
