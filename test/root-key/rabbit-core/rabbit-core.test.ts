import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { deriveRootKeyBytes } from "../../../src/root-key/derivation/derive-root-keys.ts";
import { Suite } from "../../../src/root-key/suite.ts";
import type {
  DerivedKeyBytes,
  KeyDerivation,
} from "../../../src/root-key/suites/key-derivation.ts";
import { deriveRabbit } from "../../../src/root-key/suites/rabbit.ts";
import {
  checkedRabbitCore,
  checkRabbitCore,
} from "../../../src/root-key/suites/rabbit-core/checked-core.ts";
import { RabbitCore } from "../../../src/root-key/suites/rabbit-core/rabbit-core.ts";
import { deriveRabbitSplit } from "../../../src/root-key/suites/rabbit-split.ts";
import vectors from "../../vectors/rabbit.json" with { type: "json" };

const SUITES: readonly [name: string, Suite, isSplit: boolean, KeyDerivation][] = [
  ["suite 0", Suite.RabbitSplit, true, deriveRabbitSplit],
  ["suite 1", Suite.Rabbit, false, deriveRabbit],
];
const LONGEST_CONTEXT = 4064;

const octets = (minLength: number, maxLength = minLength) =>
  fc.uint8Array({ minLength, maxLength });
const input = (context: fc.Arbitrary<Uint8Array>) =>
  fc.record({
    nwkKey: octets(16),
    appKey: octets(16),
    context,
    sharedSecret: fc.option(octets(32), { nil: undefined }),
  });

const copy = ({ kdk, nwkKey, appKey }: DerivedKeyBytes): DerivedKeyBytes => ({
  kdk: new Uint8Array(kdk),
  nwkKey: new Uint8Array(nwkKey),
  appKey: new Uint8Array(appKey),
});

describe("the WebAssembly core of the Rabbit suites", () => {
  const core = new RabbitCore();

  it("is what derives here", () => {
    assert.ok(checkedRabbitCore() instanceof RabbitCore);
  });

  for (const { name, key, keystream } of vectors.vectors.filter(
    ({ iv, octetOrder }) => iv === null && octetOrder === "little-endian",
  )) {
    it(`gives the keystream of ${name}`, () => {
      assert.equal(formatHex(core.keystream(parseHex(key))), keystream.slice(0, 64));
    });
  }

  for (const [name, suite, isSplit, reference] of SUITES) {
    it(`gives the keys of the TypeScript for ${name} and leaves only zeros, whatever the octets`, () => {
      const contexts = fc.oneof(octets(96), octets(64), octets(0, 300));
      fc.assert(
        fc.property(input(contexts), (given) => {
          assert.deepEqual(core.derive(given, isSplit, copy), reference(given));
          assert.ok(core.isWiped());
        }),
        { numRuns: 100 },
      );
    });

    it(`takes contexts as long as they fit for ${name}; the TypeScript derives from longer ones`, () => {
      const [nwkKey, appKey] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
      for (const length of [LONGEST_CONTEXT, LONGEST_CONTEXT + 1, 70_000]) {
        const given = { nwkKey, appKey, context: new Uint8Array(length).fill(3) };
        assert.equal(core.takes(length), length === LONGEST_CONTEXT);
        assert.deepEqual(deriveRootKeyBytes({ suite, ...given }), reference(given));
      }
    });
  }

  it("wipes what it gave when the taker throws", () => {
    const given = { nwkKey: new Uint8Array(16), appKey: new Uint8Array(16), context: octetsOf(96) };
    const fail = () => {
      throw new Error("not taken");
    };
    assert.throws(() => core.derive(given, false, fail), /not taken/);
    assert.ok(core.isWiped());
  });
});

describe("the check of the core", () => {
  it("passes the real one", () => {
    assert.ok(checkRabbitCore(() => new RabbitCore()));
  });

  it("refuses one that cannot be made", () => {
    const make = () => {
      throw new Error("no vector instructions");
    };
    assert.equal(checkRabbitCore(make), undefined);
  });

  it("refuses one with another keystream", () => {
    class WrongKeystream extends RabbitCore {
      override keystream(key: Uint8Array): Uint8Array {
        return super.keystream(key).reverse();
      }
    }
    assert.equal(
      checkRabbitCore(() => new WrongKeystream()),
      undefined,
    );
  });

  for (const which of ["kdk", "nwkKey", "appKey"] as const) {
    for (const [name, , wrongSplit] of SUITES) {
      it(`refuses one with another ${which} in ${name} and a shared secret`, () => {
        class Wrong extends RabbitCore {
          override derive<T>(
            ...[given, isSplit, take]: Parameters<typeof RabbitCore.prototype.derive<T>>
          ): T {
            return super.derive(given, isSplit, (derived) => {
              const isHere = isSplit === wrongSplit && given.sharedSecret?.length === 32;
              if (isHere) derived[which][15] = (derived[which][15] as number) ^ 1;
              return take(derived);
            });
          }
        }
        assert.equal(
          checkRabbitCore(() => new Wrong()),
          undefined,
        );
      });
    }
  }
});

function octetsOf(length: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => index);
}
