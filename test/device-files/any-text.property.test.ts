import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isRecordError, type ParsedRecord } from "../../src/device-files/device-record.ts";
import { formatDevice, headingOf } from "../../src/device-files/format-devices.ts";
import { DEVICE_FORMATS } from "../../src/device-files/formats.ts";
import { createDeviceFileParser } from "../../src/device-files/parser/device-file-parser.ts";
import { readDeviceText } from "../../src/device-files/parser/read-device-text.ts";
import { parseQrCode } from "../../src/device-files/tr005/qr-code.ts";
import { WarrenError } from "../../src/errors.ts";
import { anyDevice } from "./support/arbitrary-device.ts";
import { OPTIONS } from "./support/parse.ts";

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.json(),
  fc.string({ unit: fc.constantFrom(...'{}[]"\\;,\n:eui0123456789abcdef_ \t'), maxLength: 300 }),
);

function positions(records: readonly ParsedRecord[]): unknown[] {
  return records.map((record) => [record.position, isRecordError(record)]);
}

describe("any text", () => {
  for (const format of DEVICE_FORMATS) {
    it(`is devices or errors in ${format}, and never throws`, () => {
      fc.assert(
        fc.property(anyText, (text) => {
          const records = readDeviceText(headingOf(format) + text, format, OPTIONS);
          records.forEach((record, index) => {
            assert.equal(record.position.record, index + 1);
            assert.ok(record.position.line >= 1);
          });
        }),
      );
    });

    it(`is the same in ${format} however it is cut into pieces`, () => {
      const cuts = fc.array(fc.nat(400), { maxLength: 12 });
      fc.assert(
        fc.property(
          fc.array(anyDevice, { maxLength: 3 }),
          anyText,
          cuts,
          (devices, rest, given) => {
            const written = devices.map((device) =>
              formatDevice(format, device, { kind: "clear" }),
            );
            const text = `${headingOf(format) + written.join("")}${rest}`;
            const whole = createDeviceFileParser(format, OPTIONS);
            const cut = createDeviceFileParser(format, OPTIONS);
            const inPieces: ParsedRecord[] = [];
            let start = 0;
            for (const end of [...given].sort((a, b) => a - b)) {
              inPieces.push(...cut.push(text.slice(start, end)));
              start = end;
            }
            inPieces.push(...cut.push(text.slice(start)), ...cut.end());
            assert.deepEqual(positions(inPieces), positions([...whole.push(text), ...whole.end()]));
          },
        ),
      );
    });
  }

  it("is a QR code or a WarrenError", () => {
    const likeOne = fc.stringMatching(/^(LW:D0|URN:LW:DP|URN:DEV:LW)[:_][0-9A-F:_%SOV]{0,60}$/);
    fc.assert(
      fc.property(fc.oneof(anyText, likeOne), (text) => {
        try {
          parseQrCode(text);
        } catch (error) {
          assert.ok(error instanceof WarrenError);
        }
      }),
    );
  });
});
