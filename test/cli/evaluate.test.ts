import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { EvaluationData } from "../../src/evaluation/data/evaluation-data.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runWarren, spawnWarren } from "./support/warren.ts";

const WARREN = fileURLToPath(new URL("../../bin/warren", import.meta.url));
const TOPIC = "air-cost";
/** No command of these tests may take this long. */
const PATIENCE_MS = 120_000;

const folder = temporaryFolder();
const report = join(folder, "report");
const short = (...more: string[]) => ["evaluate", "--short", "--topic", TOPIC, ...more];

function dataIn(directory: string): EvaluationData {
  return JSON.parse(readFileSync(join(directory, "evaluation.json"), "utf8"));
}

/** As if the run had been made on another day by another version. */
function changeProvenance(directory: string, change: Partial<EvaluationData["provenance"]>): void {
  const data = dataIn(directory);
  const changed = { ...data, provenance: { ...data.provenance, ...change } };
  writeFileSync(join(directory, "evaluation.json"), JSON.stringify(changed));
}

describe("warren evaluate", { timeout: PATIENCE_MS }, () => {
  before(async () => {
    const { status, stdout, stderr } = await spawnWarren(...short("--out", report));
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^\[1\/1\] Cost on the air$/m);
    assert.match(stdout, /^(not reproduced|reproduced|shown|refuted|cannot be decided) +\S/m);
    assert.match(stdout, /^\d+ \w[\w ]*(, \d+ \w[\w ]*)*$/m);
    assert.ok(stdout.includes(`The report: ${join(report, "index.html")}`), stdout);
  });

  it("leaves a page, its data and CSV files", () => {
    const names = ["README.md", "evaluation.json", "figures", "index.html", "tables"];
    assert.deepEqual(readdirSync(report).sort(), names);
    assert.deepEqual(
      dataIn(report).topics.map(({ id }) => id),
      [TOPIC],
    );
    assert.ok(readdirSync(join(report, "tables")).length > 0);
  });

  it("names no folder of this machine in what it leaves", () => {
    for (const name of ["index.html", "evaluation.json", "README.md"]) {
      const text = readFileSync(join(report, name), "utf8");
      assert.ok(!text.includes(folder) && !text.includes(process.cwd()), name);
    }
  });

  it("draws the same report from the data of an earlier run", async () => {
    for (const [index, from] of [report, join(report, "evaluation.json")].entries()) {
      const out = join(folder, `again-${index}`);
      const { status, stderr } = await runWarren("evaluate", "--from", from, "--out", out);
      assert.equal(status, 0, stderr);
      for (const name of ["index.html", "evaluation.json", "README.md"]) {
        assert.ok(readFileSync(join(out, name)).equals(readFileSync(join(report, name))), name);
      }
    }
  });

  it("prints the findings as JSON", async () => {
    const out = join(folder, "json");
    const { stdout } = await runWarren("evaluate", "--from", report, "--out", out, "--json");
    const { report: page, outcomes, findings, failures } = JSON.parse(stdout);
    assert.equal(page, join(out, "index.html"));
    assert.deepEqual(failures, []);
    const counted = Object.values<number>(outcomes).reduce((sum, count) => sum + count, 0);
    assert.ok(counted === findings.length && counted > 0);
    assert.deepEqual(Object.keys(findings[0]).sort(), ["claim", "evidence", "outcome", "topic"]);
  });

  it("says what failed, tells the rest, and ends with 1", async () => {
    const broken = join(folder, "broken");
    mkdirSync(broken);
    const data = dataIn(report);
    const failed = {
      id: "avalanche",
      title: "Avalanche",
      startedAt: "",
      seconds: 0,
      failure: "Error: no",
    };
    const topics = [failed, ...data.topics];
    writeFileSync(join(broken, "evaluation.json"), JSON.stringify({ ...data, topics }));
    const { status, stdout } = await runWarren("evaluate", "--from", broken, "--out", broken);
    assert.equal(status, 1);
    assert.match(stdout, /^failed +avalanche: Error: no$/m);
    assert.match(stdout, /, 1 of the topics failed$/m);
    assert.match(
      readFileSync(join(broken, "index.html"), "utf8"),
      /This part failed:<\/b> Error: no/,
    );
  });

  it("touches no directory that is not a report", async () => {
    const mine = join(folder, "mine");
    mkdirSync(mine);
    writeFileSync(join(mine, "thesis.txt"), "years of work");
    for (const more of [[], ["--fresh"]]) {
      const { status, stderr } = await runWarren(...short("--out", mine, ...more));
      assert.equal(status, 1);
      assert.match(
        stderr,
        /mine is not empty and holds no report: name another directory with --out/,
      );
      assert.deepEqual(readdirSync(mine), ["thesis.txt"]);
    }
    const { status, stderr } = await runWarren(...short("--out", join(mine, "thesis.txt")));
    assert.equal(status, 1);
    assert.match(stderr, /is no directory \(configuration-invalid\)/);
  });

  it("replaces the report of another run only with --fresh", async () => {
    const other = join(folder, "other");
    mkdirSync(other);
    copyFileSync(join(report, "evaluation.json"), join(other, "evaluation.json"));
    changeProvenance(other, { seed: "another" });
    const refused = await runWarren("evaluate", "--from", report, "--out", other);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /report of another run \(short, seed "another", .*--fresh/);
    assert.equal(dataIn(other).provenance.seed, "another");
    const { status } = await runWarren("evaluate", "--from", report, "--out", other, "--fresh");
    assert.equal(status, 0);
    assert.equal(dataIn(other).provenance.seed, "warren");
  });

  it("keeps other results of the same run when a report is drawn again into their directory", async () => {
    const other = join(folder, "more");
    mkdirSync(other);
    const data = dataIn(report);
    const more = { ...data, topics: [...data.topics, { ...data.topics[0], id: "avalanche" }] };
    writeFileSync(join(other, "evaluation.json"), JSON.stringify(more));
    const { status, stderr } = await runWarren("evaluate", "--from", report, "--out", other);
    assert.equal(status, 1);
    assert.match(stderr, /more holds other results of the same run: .*--out, .*--fresh/);
    assert.deepEqual(dataIn(other), more);
  });

  it("says that a directory cannot be made", async () => {
    const { status, stderr } = await runWarren(...short("--out", "/dev/null/report"));
    assert.equal(status, 1);
    assert.match(stderr, /cannot make the directory \/dev\/null\/report \(configuration-invalid\)/);
  });

  it("takes nothing for data that is none", async () => {
    const none = join(folder, "none.json");
    for (const [text, why] of [
      ["{", /is no JSON/],
      ["null", /has no data of an evaluation/],
      [
        '{"format":"warren-evaluation","formatVersion":99}',
        /format version 99; this program reads 1/,
      ],
      ['{"format":"warren-evaluation","formatVersion":1,"topics":[]}', /lacks its provenance/],
    ] as const) {
      writeFileSync(none, text);
      const out = join(folder, "nothing");
      const { status, stderr } = await runWarren("evaluate", "--from", none, "--out", out);
      assert.equal(status, 1);
      assert.match(stderr, why);
      assert.ok(!existsSync(out));
    }
    const { stderr } = await runWarren("evaluate", "--from", join(folder, "nowhere"));
    assert.match(
      stderr,
      /cannot read .*nowhere: it should be the evaluation\.json of an evaluation/,
    );
  });

  it("refuses a command line that makes no sense, with 2", async () => {
    for (const args of [
      ["--topic", "astrology"],
      ["--workers", "0"],
      ["--from", report, "--short"],
      ["--from", report, "--seed", "x"],
    ]) {
      const { status, stderr } = await runWarren("evaluate", ...args);
      assert.equal(status, 2, stderr);
    }
  });

  it("ends with 130 or 143 when it is told to, keeps what is done and goes on from there", async () => {
    const out = join(folder, "interrupted");
    // Another topic takes minutes at full scale, so it is not done before the signal comes.
    const first = await runWarren("evaluate", "--topic", TOPIC, "--out", out);
    assert.equal(first.status, 0, first.stderr);
    const before = dataIn(out);
    assert.ok(existsSync(join(out, "index.html")));
    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const { code, stderr } = await interrupt(["evaluate", "--out", out], signal);
      assert.equal(code, expected, stderr);
      assert.match(stderr, /^the results of one topic are of .*; the rest is measured$/m);
      assert.match(
        stderr,
        /^interrupted; the results of one topic are in .*: the same command goes/m,
      );
      assert.deepEqual(dataIn(out), before);
      // The page would not be that of the data.
      assert.ok(!existsSync(join(out, "index.html")));
    }
  });
});

/** Sends the signal as soon as the first topic is under way. */
async function interrupt(args: readonly string[], signal: "SIGINT" | "SIGTERM") {
  const child = spawn(WARREN, args, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  let isSent = false;
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    if (isSent || !stderr.includes("[1/")) return;
    isSent = true;
    child.kill(signal);
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}
