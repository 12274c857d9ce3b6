import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { before, describe, it } from "node:test";
import { DERIVATIONS } from "../../../src/evaluation/key-derivation-times/derivations.ts";
import {
  type Build,
  buildWithInstructions,
  OPTIMISED,
  UNOPTIMISED,
} from "../../../src/evaluation/key-derivation-times/in-c/builds.ts";
import {
  type Compiler,
  findCompiler,
} from "../../../src/evaluation/key-derivation-times/in-c/compiler.ts";
import { measureInC } from "../../../src/evaluation/key-derivation-times/in-c/measure-in-c.ts";
import { readProcessorInstructions } from "../../../src/evaluation/key-derivation-times/in-c/processor-instructions.ts";
import {
  computeKnownAnswers,
  type KnownAnswer,
} from "../../../src/evaluation/key-derivation-times/known-answers.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const REPEATS = 20;
const ROUNDS = 3;
const signal = new AbortController().signal;

/** Counts steps. */
function progressCounter() {
  const counts = { begun: 0, advanced: 0 };
  const progress = {
    begin: (_: string, steps: number) => {
      counts.begun += steps;
    },
    advance: (steps: number) => {
      counts.advanced += steps;
    },
  };
  return { counts, progress };
}

/** The optimised build with AES that is wrong from one of its calls on. */
function buildWithFailingAes(firstWrongCall: number): Build {
  const folder = join(OPTIMISED.sources[0]!, "..", "primitives");
  return {
    ...OPTIMISED,
    options: ["-O2", `-DFIRST_WRONG_CALL=${firstWrongCall}`, "-I", folder],
    sources: OPTIMISED.sources.map((file) =>
      basename(file) === "aes.c" ? join(import.meta.dirname, "c", "failing-aes.c") : file,
    ),
  };
}

const compiler = await findCompiler();

describe("measuring in C", { skip: compiler === undefined && "no C compiler" }, () => {
  let answers: KnownAnswer[];
  const { progress } = progressCounter();
  const run = (build: Build, given = answers, with_: Compiler = compiler!) =>
    measureInC({ progress, signal }, given, {
      compiler: with_,
      builds: [build],
      repeats: REPEATS,
      rounds: ROUNDS,
    });
  before(async () => {
    answers = await computeKnownAnswers({ seed: "measure-in-c", signal }, REPEATS);
  });

  it("gives the octets of TypeScript in every build, and a time for each derivation", async () => {
    const { counts, progress } = progressCounter();
    const builds = [UNOPTIMISED, OPTIMISED];
    const withInstructions = buildWithInstructions(readProcessorInstructions());
    if (withInstructions !== undefined) builds.push(withInstructions);
    const measured = await measureInC({ progress, signal }, answers, {
      compiler: compiler!,
      builds,
      repeats: REPEATS,
      rounds: ROUNDS,
    });
    assert.deepEqual(measured.refusals, []);
    assert.deepEqual(measured.omissions, []);
    assert.deepEqual(
      measured.implementations.map(({ id }) => id),
      builds.map(({ id }) => id),
    );
    for (const { times } of measured.implementations) {
      assert.deepEqual(
        times.map(({ derivation }) => derivation),
        DERIVATIONS.map(({ id }) => id),
      );
      for (const { medianNs } of times) assert.ok(medianNs > 1 && medianNs < 1e9);
    }
    assert.ok(measured.clockGhz! > 0.1 && measured.clockGhz! < 10, `${measured.clockGhz} GHz`);
    assert.equal(counts.advanced, builds.length * ROUNDS * DERIVATIONS.length);
    assert.equal(counts.begun, counts.advanced);
  });

  it("refuses what computes wrongly from the start", async () => {
    const measured = await run(buildWithFailingAes(0));
    const left = measured.implementations[0]!.times.map(({ derivation }) => derivation);
    assert.deepEqual(left, [
      "rabbit-split-80",
      "rabbit-80",
      "hkdf-sha256-suite-80",
      "hkdf-sha1",
      "hkdf-sha256",
      "rabbit-split-112",
      "rabbit-112",
      "hkdf-sha256-suite-112",
    ]);
    assert.equal(measured.refusals.length, DERIVATIONS.length - left.length);
    assert.match(
      measured.refusals.join(" "),
      /C at -O2: AES-ECB, one session key gave other octets/,
    );
  });

  it("refuses what computes wrongly in the middle of a round", async () => {
    const aesEcb = answers.filter(({ derivation }) => derivation.id === "aes-ecb");
    // The first call is the check, the next ones warm up; the wrong one is in the second round that counts.
    const failing = buildWithFailingAes(1 + 2 * REPEATS + 5);
    const measured = await run(failing, aesEcb);
    assert.deepEqual(measured.implementations[0]!.times, []);
    assert.equal(measured.refusals.length, 1);
    const late = await run(buildWithFailingAes(1 + (1 + ROUNDS) * REPEATS), aesEcb);
    assert.equal(late.implementations[0]!.times.length, 1);
    assert.deepEqual(late.refusals, []);
  });

  it("leaves out a build that cannot be compiled, with the compiler's words", async () => {
    const sources = [...OPTIMISED.sources, "/nowhere/missing.c"];
    const measured = await run({ ...OPTIMISED, sources });
    assert.deepEqual(measured.implementations, []);
    assert.match(measured.omissions.join(), /C at -O2 was not measured: .*No such file/);
    assert.doesNotMatch(measured.omissions.join(), /nowhere|missing\.c|tmp/);
  });

  it("leaves out a build whose compiler makes no program", async () => {
    const measured = await run(OPTIMISED, answers, { command: "true", version: "" });
    assert.deepEqual(measured.implementations, []);
    assert.match(measured.omissions.join(), /C at -O2 was not measured: .*ENOENT/);
    assert.doesNotMatch(measured.omissions.join(), /warren-evaluation-/);
  });

  it("leaves out C where there is no place for temporary files", async () => {
    const { TMPDIR } = process.env;
    process.env["TMPDIR"] = "/nowhere/at/all";
    try {
      const measured = await run(OPTIMISED);
      assert.deepEqual(measured.implementations, []);
      assert.match(measured.omissions.join(), /^C was not measured: .*ENOENT/);
      assert.doesNotMatch(measured.omissions.join(), /nowhere/);
    } finally {
      if (TMPDIR === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = TMPDIR;
    }
  });

  it("leaves out a build whose program dies, or says what nobody can read, and waits for neither", async () => {
    const program = (statement: string) => {
      const file = join(temporaryFolder(), "main.c");
      writeFileSync(
        file,
        `#include <stdio.h>\n#include <stdlib.h>\nint main(void) { ${statement} }`,
      );
      return { ...OPTIMISED, options: ["-O0"], sources: [file] };
    };
    const dead = await run(program("abort();"));
    assert.deepEqual(dead.omissions, [
      "C at -O2 was not measured: the program ended with SIGABRT.",
    ]);
    const babbling = await run(program('for (;;) if (puts("what") < 0) return 1;'));
    assert.match(babbling.omissions.join(), /C at -O2 was not measured: .*JSON/);
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const progress = { begin: () => undefined, advance: () => controller.abort(reason) };
    const options = { compiler: compiler!, builds: [OPTIMISED], repeats: 1000, rounds: 1000 };
    await assert.rejects(
      measureInC({ progress, signal: controller.signal }, answers, options),
      reason,
    );
  });
});

describe("the compiler", () => {
  it("is none where no command runs", async () => {
    assert.equal(await findCompiler(["warren-has-no-such-compiler"]), undefined);
  });
});
