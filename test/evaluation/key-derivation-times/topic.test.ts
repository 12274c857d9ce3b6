import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readProcessorInstructions } from "../../../src/evaluation/key-derivation-times/in-c/processor-instructions.ts";
import { measureInJavascript } from "../../../src/evaluation/key-derivation-times/in-javascript/measure-in-javascript.ts";
import { PURE_TYPESCRIPT } from "../../../src/evaluation/key-derivation-times/in-javascript/pure-typescript.ts";
import { computeKnownAnswers } from "../../../src/evaluation/key-derivation-times/known-answers.ts";
import { measureKeyDerivationTimes } from "../../../src/evaluation/key-derivation-times/measure.ts";
import { keyDerivationTimes } from "../../../src/evaluation/key-derivation-times/topic.ts";
import type { EvaluationContext } from "../../../src/evaluation/topic.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CONTEXT: EvaluationContext = {
  scale: "short",
  seed: "topic test",
  workers: 1,
  progress: { begin: () => undefined, advance: () => undefined },
  signal: new AbortController().signal,
};

describe("the topic of key derivation times", () => {
  it("measures a little of everything and tells it from JSON", async () => {
    const result = await keyDerivationTimes.measure(CONTEXT);
    assert.deepEqual(result.refusals, []);
    const ids = result.implementations.map(({ id }) => id);
    const expected = result.compiler === null ? [] : ["c-o2"];
    assert.deepEqual(ids, ["typescript", "webassembly", "node-crypto", ...expected]);
    for (const { times } of result.implementations) {
      for (const { minimumNs, lowerQuartileNs, medianNs, upperQuartileNs } of times) {
        const ascending = [minimumNs, lowerQuartileNs, medianNs, upperQuartileNs];
        assert.deepEqual(
          ascending.toSorted((a, b) => a - b),
          ascending,
        );
      }
    }
    const section = keyDerivationTimes.describe(JSON.parse(JSON.stringify(result)));
    assert.deepEqual(section, keyDerivationTimes.describe(result));
  });

  it("goes without a compiler and says so", async () => {
    const result = await measureKeyDerivationTimes(CONTEXT, async () => undefined);
    assert.equal(result.compiler, null);
    assert.deepEqual(
      result.implementations.map(({ id }) => id),
      ["typescript", "webassembly", "node-crypto"],
    );
    const { introduction } = keyDerivationTimes.describe(result);
    assert.match(introduction.join(" "), /C was not measured: no compiler/);
  });

  it("ends when it is told to", async () => {
    const reason = new Error("enough");
    const context = { ...CONTEXT, signal: AbortSignal.abort(reason) };
    await assert.rejects(keyDerivationTimes.measure(context), reason);
  });
});

describe("measuring in JavaScript", () => {
  it("refuses a derivation that goes wrong in the middle of a round", async () => {
    const answers = await computeKnownAnswers(CONTEXT, 10);
    let calls = 0;
    const failing: typeof PURE_TYPESCRIPT = {
      ...PURE_TYPESCRIPT,
      "hkdf-sha1": (input) => {
        const output = PURE_TYPESCRIPT["hkdf-sha1"]!(input);
        calls++;
        if (calls === 35) output[0]! ^= 1;
        return output;
      },
    };
    const amounts = { repeats: 10, rounds: 3 };
    const { implementations, refusals } = await measureInJavascript(CONTEXT, answers, amounts, {
      typescript: failing,
    });
    assert.deepEqual(refusals, [
      "TypeScript: HKDF-SHA1, 80 to 32 octets gave other octets than the reference.",
    ]);
    const derivations = implementations[0]!.times.map(({ derivation }) => derivation);
    assert.equal(derivations.length, answers.length - 1);
    assert.ok(!derivations.includes("hkdf-sha1"));
  });
});

describe("known answers", () => {
  it("come from the seed", async () => {
    const outputs = async (seed: string) =>
      (await computeKnownAnswers({ ...CONTEXT, seed }, 3)).map(({ chainEnd }) => chainEnd);
    assert.deepEqual(await outputs("a"), await outputs("a"));
    assert.notDeepEqual(await outputs("a"), await outputs("b"));
  });
});

describe("instructions of the processor", () => {
  const folder = temporaryFolder();
  const read = (flags: string) => {
    const file = join(folder, "cpuinfo");
    writeFileSync(
      file,
      `processor\t: 0\nmodel name\t: aes\nflags\t\t: ${flags}\nbugs\t\t: sha_ni\n`,
    );
    return readProcessorInstructions(file);
  };

  it("are those among the flags", () => {
    assert.deepEqual(read("fpu sse4_1 aes sha_ni"), { hasAes: true, hasSha: true });
    assert.deepEqual(read("fpu sse4_1 aes"), { hasAes: true, hasSha: false });
    assert.deepEqual(read("fpu sse4_1 vaes"), { hasAes: false, hasSha: false });
  });

  it("are not known where there is no such file", () => {
    const none = { hasAes: false, hasSha: false };
    assert.deepEqual(readProcessorInstructions(join(folder, "missing")), none);
  });
});
