import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { ACTION_CHOICES, ACTION_WORDS } from "../../../web/src/pages/audit/action-words.ts";
import { detailsInBrief } from "../../../web/src/pages/audit/entry/describe-details.ts";

/** `noun.verb` of the table of actions; `.delete` there stands for the noun before it. */
function documentedActions(): string[] {
  const text = readFileSync(new URL("../../../docs/administration.md", import.meta.url), "utf8");
  const table = text.slice(
    text.indexOf("| Action | Details |"),
    text.indexOf("`warren audit verify`"),
  );
  let noun = "";
  const cells = table.split("\n").map((row) => row.split("|")[1] ?? "");
  return cells
    .flatMap((cell) => [...cell.matchAll(/`([a-z0-9-]*)\.([a-z-]+)`/g)])
    .map(([, ownNoun, verb]) => {
      noun = ownNoun || noun;
      return `${noun}.${verb}`;
    });
}

describe("the audit log in the console", () => {
  it("has words for every action that is documented", () => {
    const actions = documentedActions();
    assert.ok(actions.includes("network-server.delete") && actions.length > 20);
    for (const action of actions) assert.ok(action in ACTION_WORDS, action);
  });

  it("offers each action, and each beginning of several once", () => {
    assert.ok(ACTION_CHOICES.includes("device.") && ACTION_CHOICES.includes("device.create"));
    assert.equal(new Set(ACTION_CHOICES).size, ACTION_CHOICES.length);
  });

  it("shows details as names and values, and counts what is too long to list", () => {
    assert.equal(
      detailsInBrief({ changed: ["kek", "route"], isAllowed: true, note: null, empty: [] }),
      "changed: kek, route · isAllowed: true · note: none · empty: none",
    );
    const devEuis = Array.from({ length: 1_000 }, (_, index) => index);
    assert.equal(detailsInBrief({ devEuis }), "devEuis: 0, 1, 2, 3, 4 and 995 more");
    assert.equal(detailsInBrief({ a: { b: 1, c: ["x"] } }), "a: b 1, c x");
    assert.equal(detailsInBrief({ text: "x".repeat(1_000) }).length, 161);
  });
});
