import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { AttacksResult } from "../../../src/evaluation/attacks/attacks-result.ts";
import { attacks } from "../../../src/evaluation/attacks/topic.ts";
import { checkSection } from "../../../src/evaluation/report/check-section.ts";
import type { EvaluationContext } from "../../../src/evaluation/topic.ts";

const context: EvaluationContext = {
  scale: "short",
  seed: "test",
  workers: 1,
  progress: { begin() {}, advance() {} },
  signal: new AbortController().signal,
};

const ALL = "rabbit-split rabbit aes-cmac hkdf-sha256 E0 E2 E3";

describe("the attacks topic", () => {
  let result: AttacksResult;
  before(async () => {
    result = await attacks.measure(context);
  });

  /** Targets on which every attempt succeeded, and those on which none did. */
  function outcomesOf(attack: string) {
    const outcomes = result.structural.filter((outcome) => outcome.attack === attack);
    const named = (isRight: (successes: number, attempts: number) => boolean) =>
      outcomes
        .filter(({ successes, attempts }) => isRight(successes, attempts))
        .map(({ target }) => target.replace("reading ", ""))
        .join(" ");
    return {
      works: named((successes, attempts) => successes === attempts),
      fails: named((successes) => successes === 0),
    };
  }

  const chain = { works: "rabbit-split rabbit E0 E2 E3", fails: "aes-cmac hkdf-sha256" };
  const expected = {
    padding: chain,
    "padding-of-updates": { works: "", fails: ALL },
    "secret-as-context": chain,
    extension: chain,
    "output-as-kkdk": { works: "rabbit E0", fails: "rabbit-split aes-cmac hkdf-sha256 E2 E3" },
    "app-key-from-nwk-key": {
      works: "E3",
      fails: "rabbit-split rabbit aes-cmac hkdf-sha256 E0 E2",
    },
    "kkdk-alone": { works: "aes-cmac hkdf-sha256", fails: "rabbit-split rabbit E0 E2 E3" },
    "kkdk-of-other-context": {
      works: "aes-cmac hkdf-sha256",
      fails: "rabbit-split rabbit E0 E2 E3",
    },
  };
  for (const [attack, outcomes] of Object.entries(expected)) {
    it(`succeeds and fails where it must: ${attack}`, () => {
      assert.deepEqual(outcomesOf(attack), outcomes);
    });
  }

  it("follows plain updates of every suite, missed nonce or not, and no healing one", () => {
    for (const { kind, hasNewKeys, hasLaterKeys, unread } of result.followed) {
      assert.equal(hasNewKeys, kind === "plain");
      assert.equal(hasLaterKeys, kind === "plain");
      assert.equal(unread > 0, kind === "healing");
    }
    assert.equal(result.missedNonces.length, 8);
    for (const { kind, isFound, candidates, widthBits } of result.missedNonces) {
      assert.equal(isFound, kind === "plain");
      assert.equal(candidates === 2 ** widthBits, kind === "healing");
    }
  });

  it("gives the same results again, times excepted", async () => {
    const again = await attacks.measure({ ...context, workers: 2 });
    const withoutTimes = ({ keyingsPerSecond: _, ...rest }: AttacksResult) =>
      JSON.stringify(rest, (key, value) => (key === "durationMs" ? undefined : value));
    assert.equal(withoutTimes(again), withoutTimes(result));
  });

  it("tells what the programs did", () => {
    const section = attacks.describe(JSON.parse(JSON.stringify(result)));
    checkSection(section, new Set());
    const outcomes = section.findings.map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, [...new Array(7).fill("shown"), "not-reproduced", "shown"]);
  });

  it("claims no more of a healing update than the program shows", () => {
    const { claim, evidence } = attacks.describe(result).findings.at(-1)!;
    assert.match(claim, /^A healing update stops the program/);
    assert.match(evidence, /In 4 of 4 suites .* rests on X25519.* suite 0 a search of 2\^64/);
  });

  it("tells the contrary when they did the contrary", () => {
    const searches = result.searches.map((each) => ({ ...each, found: each.updates }));
    const structural = result.structural.map((each) => ({ ...each, successes: 1 }));
    const followed = result.followed.map((each) => ({
      ...each,
      hasNewKeys: each.kind === "healing",
      hasLaterKeys: each.kind === "healing",
    }));
    const told = attacks.describe({ ...result, searches, structural, followed });
    const outcomes = told.findings.map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, [...new Array(7).fill("refuted"), "reproduced", "refuted"]);
    const table = told.blocks.find((block) => block.kind === "table")?.table;
    assert.match(String(table?.rows[1]?.[1]), /aes-cmac \(1 of 20\)/);
  });

  it("ends when it is told to", async () => {
    const controller = new AbortController();
    const progress = { begin() {}, advance: () => controller.abort(new Error("enough")) };
    const measured = attacks.measure({ ...context, signal: controller.signal, progress });
    await assert.rejects(measured, /enough/);
  });
});
