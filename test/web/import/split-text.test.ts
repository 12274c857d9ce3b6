import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  lineInFile,
  splitText,
  type TextPart,
} from "../../../web/src/pages/import/run/split-text.ts";

/** What a part has besides the heading. */
function bodyOf({ text, headingLines }: TextPart): string {
  return text.split("\n").slice(headingLines).join("\n");
}

describe("a file of devices in parts", () => {
  it("has the heading of a CSV in each part, and knows the line of every row", () => {
    const rows = Array.from({ length: 50 }, (_, index) => `0102;key;meter ${index}`);
    const parts = splitText(["dev_eui;app_key;name", ...rows, ""].join("\n"), 100);
    assert.ok(parts.length > 5);
    for (const part of parts) {
      const lines = part.text.split("\n").filter((line) => line !== "");
      assert.equal(lines[0], "dev_eui;app_key;name");
      for (const [index, line] of lines.entries()) {
        if (index > 0) assert.equal(line, rows[lineInFile(part, index + 1) - 2]);
      }
    }
    assert.equal(parts.map(bodyOf).join(""), `${rows.join("\n")}\n`);
  });

  it("never splits a quoted field that has lines", () => {
    const text = 'dev_eui;description\n01;"two\nlines; and a ""quote"""\n02;one\n';
    const parts = splitText(text, 1);
    assert.deepEqual(parts.map(bodyOf), ['01;"two\nlines; and a ""quote"""\n', "02;one\n"]);
    assert.deepEqual(
      parts.map((part) => lineInFile(part, 2)),
      [2, 4],
    );
  });

  it("counts empty lines before the heading", () => {
    const parts = splitText("\n\ndev_eui\n01\n02\n", 1);
    assert.deepEqual(
      parts.map((part) => [part.text, lineInFile(part, 4)]),
      [
        ["\n\ndev_eui\n01\n", 4],
        ["\n\ndev_eui\n02\n", 5],
      ],
    );
  });

  it("splits JSON with a record a line, and leaves other JSON whole", () => {
    assert.deepEqual(
      splitText('{"devEui":"01"}\n{"devEui":"02"}\n', 1).map((part) => [
        part.text,
        lineInFile(part, 1),
      ]),
      [
        ['{"devEui":"01"}\n', 1],
        ['{"devEui":"02"}\n', 2],
      ],
    );
    for (const text of [
      '[{"devEui":"01"},\n{"devEui":"02"}]',
      '{\n"a":{}\n}\n{\n"b":{}\n}',
      '{"a":1}\n{"b":',
    ]) {
      assert.deepEqual(splitText(text, 1), [{ text, headingLines: 0, firstLine: 1 }]);
    }
  });

  it("splits JWEs between lines, without a heading", () => {
    const parts = splitText("eyJh.a.b.c.d\neyJh.e.f.g.h", 1);
    assert.deepEqual(
      parts.map(({ text, firstLine }) => [text, firstLine]),
      [
        ["eyJh.a.b.c.d\n", 1],
        ["eyJh.e.f.g.h", 2],
      ],
    );
  });

  it("loses nothing of any text, and makes none longer than it must", () => {
    const character = fc.constantFrom("a", ";", '"', "\n", "{", "}", "[", " ", "eyJ");
    fc.assert(
      fc.property(fc.array(character), fc.integer({ min: 1, max: 40 }), (pieces, length) => {
        const text = pieces.join("");
        const parts = splitText(text, length);
        const heading = parts[0] as TextPart;
        const headingText = heading.text.split("\n").slice(0, heading.headingLines).join("\n");
        const start = heading.headingLines === 0 ? "" : `${headingText}\n`;
        assert.equal(
          start + parts.map(({ text: part }) => part.slice(start.length)).join(""),
          text,
        );
      }),
    );
  });
});
