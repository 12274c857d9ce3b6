import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import {
  type Direction,
  decodeMacCommands,
  encodeMacCommands,
  explainMacCommands,
} from "../../../src/lorawan/mac-commands/mac-commands.ts";
import { layouts } from "./layouts.ts";

/** The input with all reserved bits of the commands that `layouts` knows cleared. */
function withoutReservedBits(direction: Direction, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  let offset = 0;
  while (offset < copy.length) {
    const layout = Object.values(layouts[direction]).find(({ cid }) => cid === copy[offset]);
    const mask = layout && parseHex(layout.mask);
    if (mask === undefined || offset + 1 + mask.length > copy.length) {
      break;
    }
    for (const [index, bits] of mask.entries()) {
      copy[offset + 1 + index] = (copy[offset + 1 + index] as number) & bits;
    }
    offset += 1 + mask.length;
  }
  return copy;
}

// Random bytes rarely are commands, so half of them are taken from known command identifiers.
const anyBytes = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0x20 }), fc.integer({ min: 0, max: 255 })), {
    maxLength: 60,
  })
  .map((bytes) => Uint8Array.from(bytes));

for (const direction of ["up", "down"] as const) {
  suite(`any ${direction}link bytes`, () => {
    test("are decoded or left over, and nothing is lost", () => {
      fc.assert(
        fc.property(anyBytes, (bytes) => {
          const { commands, rest, end } = decodeMacCommands(direction, bytes);
          assert.equal(end === "complete", rest.length === 0);
          const whole = Buffer.concat([encodeMacCommands(commands), rest]);
          assert.equal(formatHex(whole), formatHex(withoutReservedBits(direction, bytes)));
        }),
        { numRuns: 2000 },
      );
    });

    test("are explained without a gap", () => {
      fc.assert(
        fc.property(anyBytes, (bytes) => {
          const explained = explainMacCommands(direction, bytes);
          assert.equal(explained.map(({ hex }) => hex).join(""), formatHex(bytes));
          JSON.stringify(explained);
        }),
      );
    });
  });
}

suite("a command that is cut off", () => {
  for (const [direction, known] of Object.entries(layouts)) {
    for (const [name, { cid, mask }] of Object.entries(known)) {
      for (let length = 0; length < mask.length / 2; length++) {
        test(`${name} after ${length} bytes keeps the command before it`, () => {
          const cut = Uint8Array.of(cid, ...new Uint8Array(length));
          const before = direction === "up" ? 0x02 : 0x06;
          const decoded = decodeMacCommands(direction as Direction, Uint8Array.of(before, ...cut));
          assert.equal(decoded.end, "truncated-command");
          assert.equal(decoded.commands.length, 1);
          assert.deepEqual(decoded.rest, cut);
        });
      }
    }
  }
});

suite("what nobody knows", () => {
  const cases = [
    ["an unknown command", "up", "02400102", 1, "400102"],
    ["CID 0", "down", "00", 0, "00"],
    // ForceRejoinReq has no answer, so 0x0e is nothing that a device sends.
    ["a command of the other direction", "up", "0e0000", 0, "0e0000"],
  ] as const;
  for (const [what, direction, hex, known, rest] of cases) {
    test(`${what} ends the reading`, () => {
      const decoded = decodeMacCommands(direction, parseHex(hex));
      assert.equal(decoded.end, "unknown-command");
      assert.equal(decoded.commands.length, known);
      assert.equal(formatHex(decoded.rest), rest);
    });
  }
});
