import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import {
  collectFragment,
  decodeFragment,
  FRAGMENT_BYTES,
  type FragmentCollection,
  splitIntoFragments,
} from "../../src/root-key/fragments.ts";
import file from "../vectors/root-key-healing.json" with { type: "json" };

const hasCode = (code: string) => (error: unknown) =>
  error instanceof WarrenError && error.code === code;

const message = fc
  .uint8Array({ minLength: 42, maxLength: 42 })
  .map((rest) => Uint8Array.of(0x83, ...rest));

/** The messages that come of fragments in this order, and what is left. */
function collect(fragments: readonly Uint8Array[], before?: FragmentCollection) {
  let collected = before;
  const messages: Uint8Array[] = [];
  for (const fragment of fragments) {
    const next = collectFragment(throughJson(collected), fragment);
    collected = next.collected;
    if (next.message !== undefined) messages.push(next.message);
  }
  return { collected, messages };
}

function throughJson<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}

const requests = file.vectors.map(({ outputs }) => parseHex(outputs.rootKeyUpdateReq));
const first = requests[0] as Uint8Array;
const second = requests.find(
  (one) => (one[1] as number) % 8 !== (first[1] as number) % 8,
) as Uint8Array;

describe("fragments of a root key message", () => {
  it("are those of the known answers", () => {
    for (const { outputs } of file.vectors) {
      for (const [whole, fragments] of [
        [outputs.rootKeyUpdateReq, outputs.rootKeyUpdateReqFragments],
        [outputs.newKeyReadyReq, outputs.newKeyReadyReqFragments],
      ] as const) {
        assert.deepEqual(splitIntoFragments(parseHex(whole)).map(formatHex), fragments);
        assert.deepEqual(collect(fragments.map((one) => parseHex(one))).messages.map(formatHex), [
          whole,
        ]);
      }
    }
  });

  it("come together in any order, with repeats, after storage", () => {
    fc.assert(
      fc.property(
        message.chain((whole) =>
          fc.tuple(
            fc.constant(whole),
            fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
            fc.array(fc.nat(3), { maxLength: 6 }),
          ),
        ),
        ([whole, order, repeats]) => {
          const fragments = splitIntoFragments(whole);
          assert.ok(fragments.every((one) => one.length === FRAGMENT_BYTES));
          // Repeats of those that came before the last one.
          const indices = [
            ...order.slice(0, 4),
            ...repeats.map((at) => order[at] as number),
            order[4] as number,
          ];
          const { messages, collected } = collect(
            indices.map((index) => fragments[index] as Uint8Array),
          );
          assert.deepEqual(messages, [whole]);
          assert.equal(collected, undefined);
        },
      ),
    );
  });

  it("are none of a message that every data rate carries", () => {
    const short = parseHex("806b0c01d0879af4d5b84e");
    assert.deepEqual(splitIntoFragments(short), [short]);
  });

  it("are there for the healing forms alone", () => {
    for (const length of [12, 42, 44]) {
      const other = new Uint8Array(length).fill(0x83);
      assert.throws(() => splitIntoFragments(other), hasCode("frame-malformed"));
    }
    const otherCid = first.slice();
    otherCid[0] = 0x80;
    assert.throws(() => splitIntoFragments(otherCid), hasCode("frame-malformed"));
  });

  it("of another attempt start anew", () => {
    const mixed = [...splitIntoFragments(first).slice(0, 4), ...splitIntoFragments(second)];
    assert.deepEqual(collect(mixed).messages, [second]);
  });

  it("that contradict those before start anew, so an attempt eight later does not mix", () => {
    const later = first.map((octet, index) =>
      index === 1 ? (octet + 8) & 0xff : index > 2 ? octet ^ 0xff : octet,
    );
    const old = splitIntoFragments(first).slice(0, 3);
    // The first fragment of the later attempt is lost, and comes with the repetition.
    const fresh = splitIntoFragments(later);
    assert.deepEqual(collect([...old, ...fresh.slice(1), ...fresh]).messages, [later]);
  });

  it("never make a message of fragments that were not sent", () => {
    fc.assert(
      fc.property(message, message, fc.array(fc.nat(9), { maxLength: 40 }), (a, b, picks) => {
        const sent = [...splitIntoFragments(a), ...splitIntoFragments(b)];
        for (const whole of collect(picks.map((at) => sent[at] as Uint8Array)).messages) {
          for (const fragment of splitIntoFragments(whole)) {
            assert.ok(sent.some((one) => Buffer.compare(one, fragment) === 0));
          }
        }
      }),
    );
  });
});

describe("decoding a fragment", () => {
  it("gives its UpdateID bits, index and data", () => {
    assert.deepEqual(decodeFragment(parseHex("82a1b5a601330f168652ac")), {
      updateIdBits: 5,
      index: 1,
      data: parseHex("b5a601330f168652ac"),
    });
  });

  it("refuses what nobody makes", () => {
    const data = "00".repeat(9);
    for (const [hex, code] of [
      [`81a0${data}`, "frame-malformed"],
      [`8205${data}`, "frame-malformed"],
      [`820f${data}`, "frame-malformed"],
      [`8210${data}`, "frame-malformed"],
      [`8204${"00".repeat(7)}0100`, "frame-malformed"],
      [`8204${"00".repeat(8)}01`, "frame-malformed"],
      [`8200${"00".repeat(8)}`, "frame-too-short"],
      ["82", "frame-too-short"],
      [`8200${data}00`, "frame-too-long"],
    ] as const) {
      assert.throws(() => decodeFragment(parseHex(hex)), hasCode(code), hex);
      assert.throws(() => collectFragment(undefined, parseHex(hex)), hasCode(code), hex);
    }
  });

  it("reads any octets or gives a reason", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 13 }), (bytes) => {
        try {
          decodeFragment(Uint8Array.of(0x82, ...bytes));
        } catch (error) {
          assert.ok(error instanceof WarrenError && error.code.startsWith("frame-"));
        }
      }),
    );
  });
});
