import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RecentAnswers } from "../../../src/join-server/senders/recent-answers.ts";

describe("RecentAnswers", () => {
  it("gives the same question the same answer for its time", async () => {
    const recent = new RecentAnswers<number>(5_000);
    recent.keep("a", Promise.resolve(1), 1_000);
    assert.equal(await recent.find("a", 5_999), 1);
    assert.equal(recent.find("a", 6_000), undefined);
    assert.equal(recent.find("b", 1_000), undefined);
    assert.equal(recent.find("a", 999), undefined, "the clock was set back");
  });

  it("gives it already while it is being made", async () => {
    const recent = new RecentAnswers<number>(5_000);
    const { promise, resolve } = Promise.withResolvers<number>();
    recent.keep("a", promise, 0);
    assert.equal(recent.find("a", 1), promise);
    resolve(7);
    assert.equal(await recent.find("a", 1), 7);
  });

  it("forgets a refusal", async () => {
    const recent = new RecentAnswers<number>(5_000);
    const refused = Promise.reject(new Error("no"));
    recent.keep("a", refused, 0);
    await assert.rejects(refused);
    assert.equal(recent.find("a", 1), undefined);
  });

  it("keeps a bounded number, and forgets the oldest first", () => {
    const recent = new RecentAnswers<number>(5_000, 2);
    const questions = ["a", "b", "c", "d", "e"];
    for (const [index, question] of questions.entries()) {
      recent.keep(question, Promise.resolve(index), 0);
    }
    const kept = questions.filter((question) => recent.find(question, 0));
    assert.deepEqual(kept, ["c", "d", "e"]);
  });

  it("keeps nothing without a time", () => {
    const recent = new RecentAnswers<number>(0);
    recent.keep("a", Promise.resolve(1), 0);
    assert.equal(recent.find("a", 0), undefined);
  });
});
