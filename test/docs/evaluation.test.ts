import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FORMAT_VERSION } from "../../src/evaluation/data/evaluation-data.ts";
import { TOPICS } from "../../src/evaluation/topics.ts";
import { SAMPLE_PROVENANCE } from "../evaluation/report/sample-provenance.ts";

const page = readFileSync(new URL("../../docs/evaluation.md", import.meta.url), "utf8");

test("docs/evaluation.md has every topic, in the order of the report", () => {
  const [, table = ""] = page.split("| Topic (`--topic`) | What |\n|---|---|\n");
  const [rows = ""] = table.split("\n\n");
  const ids = [...rows.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id);
  assert.deepEqual(
    ids,
    TOPICS.map(({ id }) => id),
  );
});

test("docs/evaluation.md has the format of the data", () => {
  assert.match(page, new RegExp(`\`warren-evaluation\`, ${FORMAT_VERSION} \\|`));
  const [row = ""] = page.match(/^\| `provenance` .*$/m) ?? [];
  for (const name of Object.keys(SAMPLE_PROVENANCE)) assert.ok(row.includes(`\`${name}\``), name);
});
