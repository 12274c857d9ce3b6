import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  compile,
  findCompiler,
} from "../../../src/evaluation/key-derivation-times/in-c/compiler.ts";
import { readProcessorInstructions } from "../../../src/evaluation/key-derivation-times/in-c/processor-instructions.ts";
import { vectorsOf } from "../../support/lorawan-vectors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import rabbit from "../../vectors/rabbit.json" with { type: "json" };

const SOURCES = join(
  import.meta.dirname,
  "../../../src/evaluation/key-derivation-times/c/primitives",
);
const TEST_SOURCES = join(import.meta.dirname, "c");

/** `octets(0x60, 0xb0)`: 60 61 ... af. */
const octets = (from: number, to: number) =>
  Buffer.from(Array.from({ length: to - from }, (_, index) => from + index)).toString("hex");

/** RFC 5869, appendices A.4 to A.6. */
const HKDF_SHA1 = [
  {
    name: "A.4",
    inputs: [octets(0, 13), "0b".repeat(11), octets(0xf0, 0xfa), 42],
    okm: "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896",
  },
  {
    name: "A.5",
    inputs: [octets(0x60, 0xb0), octets(0, 0x50), octets(0xb0, 0x100), 82],
    okm: "0bd770a74d1160f7c9f12cd5912a06ebff6adcae899d92191fe4305673ba2ffe8fa3f1a4e5ad79f3f334b3b202b2173c486ea37ce3d397ed034c7f9dfeb15c5e927336d0441f4c4300e2cff0d0900b52d3b4",
  },
  {
    name: "A.6",
    inputs: ["", "0b".repeat(22), "", 42],
    okm: "0ac1af7002b3d761d1e55298da9d0506b9ae52057220a306e07b6b87e8df21d0ea00033de03984d34918",
  },
];

interface Question {
  readonly name: string;
  readonly line: readonly (string | number)[];
  readonly answer: string;
}

const QUESTIONS: readonly Question[] = [
  ...rabbit.vectors
    .filter(({ octetOrder, iv }) => octetOrder === "little-endian" && iv === null)
    .map(({ name, key, keystream }) => ({
      name,
      line: ["rabbit", key, ""],
      answer: keystream.slice(0, 96),
    })),
  {
    name: "FIPS 197 appendix B",
    line: ["aes", "2b7e151628aed2a6abf7158809cf4f3c", "3243f6a8885a308d313198a2e0370734"],
    answer: "3925841d02dc09fbdc118597196a0b32",
  },
  {
    name: "FIPS 197 appendix C.1",
    line: ["aes", octets(0, 16), "00112233445566778899aabbccddeeff"],
    answer: "69c4e0d86a7b0430d8cdb78070b4c55a",
  },
  ...vectorsOf("aes-ecb").map(({ name, inputs, outputs }) => ({
    name,
    line: ["aes", inputs["key"] as string, inputs["plaintext"] as string],
    answer: outputs["ciphertext"] as string,
  })),
  ...vectorsOf("aes-cmac").map(({ name, inputs, outputs }) => ({
    name,
    line: ["cmac", inputs["key"] as string, inputs["msg"] as string],
    answer: outputs["cmac"] as string,
  })),
  ...vectorsOf("hkdf-sha256").map(({ name, inputs: { salt, ikm, info, length }, outputs }) => ({
    name,
    line: ["hkdf-sha256", salt, ikm, info, length] as (string | number)[],
    answer: outputs["okm"] as string,
  })),
  ...HKDF_SHA1.map(({ name, inputs, okm }) => ({
    name: `HKDF-SHA1 RFC5869 ${name}`,
    line: ["hkdf-sha1", ...inputs],
    answer: okm,
  })),
];

const PORTABLE = ["aes.c", "sha1.c", "sha256.c"];
const { hasAes, hasSha } = readProcessorInstructions();
const isX86 = process.arch === "x64";

/** The primitives as they are compiled for each class, and SHA-NI where the processor has none of it. */
const VARIANTS = [
  { name: "portable, -O0", files: PORTABLE, options: ["-O0"], isPossible: true },
  { name: "portable, -O2", files: PORTABLE, options: ["-O2"], isPossible: true },
  {
    name: "AES-NI",
    files: ["aes-ni.c", "sha1.c", "sha256.c"],
    options: ["-O2", "-maes"],
    isPossible: hasAes,
  },
  {
    name: "SHA-NI",
    files: ["aes.c", "sha-ni.c"],
    options: ["-O2", "-msse4.1", "-msha"],
    isPossible: hasSha,
  },
  {
    name: "SHA-NI, its instructions emulated",
    files: ["aes.c", "sha-ni.c"],
    options: ["-O2", "-msse4.1", "-msha", "-include", join(TEST_SOURCES, "emulated-sha-ni.h")],
    isPossible: isX86,
  },
];

const compiler = await findCompiler();

describe("primitives in C", { skip: compiler === undefined && "no C compiler" }, () => {
  const folder = temporaryFolder();
  for (const [index, { name, files, options, isPossible }] of VARIANTS.entries()) {
    it(`give published values: ${name}`, {
      skip: !isPossible && "not on this processor",
    }, async () => {
      const program = join(folder, String(index));
      const sources = [
        join(TEST_SOURCES, "primitives-main.c"),
        ...["rabbit.c", "cmac.c", "hkdf.c", ...files].map((file) => join(SOURCES, file)),
      ];
      const strict = ["-Wall", "-Wextra", "-Werror", "-I", SOURCES];
      const input = { compiler: compiler!, options: [...strict, ...options], sources, program };
      await compile(input, new AbortController().signal);
      const lines = QUESTIONS.map(({ line }) => line.map((word) => word || "-").join(" "));
      const answers = execFileSync(program, { input: `${lines.join("\n")}\n`, encoding: "utf8" })
        .trim()
        .split("\n");
      for (const [question, { name, answer }] of QUESTIONS.entries()) {
        // Keystreams of some vectors are shorter than three blocks.
        assert.equal(answers[question]?.slice(0, answer.length), answer, name);
      }
      assert.equal(answers.length, QUESTIONS.length);
    });
  }
});
