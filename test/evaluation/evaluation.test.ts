import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type EvaluationData,
  FORMAT_VERSION,
  type TopicRecord,
} from "../../src/evaluation/data/evaluation-data.ts";
import { textOfFailure } from "../../src/evaluation/data/failure-text.ts";
import { measureTopics } from "../../src/evaluation/evaluation.ts";
import { tellTopics } from "../../src/evaluation/tell-topics.ts";
import type { EvaluationContext, Topic } from "../../src/evaluation/topic.ts";
import { TOPICS, type TopicEntry } from "../../src/evaluation/topics.ts";
import { SAMPLE_PROVENANCE } from "./report/sample-provenance.ts";

const progress = { begin: () => undefined, advance: () => undefined };
const contextWith = (signal: AbortSignal): EvaluationContext => ({
  ...{ scale: "short", seed: "s", workers: 1 },
  ...{ progress, signal },
});
const section = { introduction: ["told"], findings: [], blocks: [] };

function entry(
  id: string,
  measure: () => unknown,
  describe: Topic<unknown>["describe"] = () => section,
): TopicEntry {
  const topic: Topic<unknown> = {
    id,
    title: id.toUpperCase(),
    measure: async () => measure(),
    describe,
  };
  return { id, load: async () => topic };
}

async function measure(entries: readonly TopicEntry[], controller = new AbortController()) {
  const records: TopicRecord[] = [];
  const failures: string[] = [];
  const titles: string[] = [];
  const ended = await measureTopics(entries, contextWith(controller.signal), {
    onTopic: (title, position, count) => titles.push(`${title} ${position}/${count}`),
    onRecord: (record) => records.push(record),
    onFailure: (id) => failures.push(id),
  }).catch((error: unknown) => error);
  return { records, failures, titles, ended };
}

function dataOf(topics: readonly TopicRecord[]): EvaluationData {
  return {
    format: "warren-evaluation",
    formatVersion: FORMAT_VERSION,
    provenance: SAMPLE_PROVENANCE,
    topics,
  };
}

describe("measureTopics", () => {
  it("goes through the topics in turn and keeps results as the file will have them", async () => {
    const result = { numbers: [1, Number.NaN], absent: undefined };
    const { records, titles } = await measure([entry("a", () => result), entry("b", () => 2)]);
    assert.deepEqual(titles, ["A 1/2", "B 2/2"]);
    const results = records.map((record) => "result" in record && record.result);
    assert.deepEqual(results, [{ numbers: [1, null] }, 2]);
  });

  it("measures the others when one fails, even to load", async () => {
    const fail = () => {
      throw new Error("no compiler at /home/somebody/bin/cc");
    };
    const unloadable = { id: "b", load: () => Promise.reject(new Error("broken")) };
    const { records, failures, ended } = await measure([
      entry("a", fail),
      unloadable,
      entry("c", () => 3),
    ]);
    assert.equal(ended, undefined);
    assert.deepEqual(failures, ["a", "b"]);
    const told = records.map((record) => ("failure" in record ? record.failure : record.result));
    assert.deepEqual(told, ["Error: no compiler at <path>", "Error: broken", 3]);
  });

  it("takes a result that cannot be kept for no failure of its topic", async () => {
    const failures: string[] = [];
    const full = new Error("no space left");
    const measuring = measureTopics([entry("a", () => 1)], contextWith(AbortSignal.any([])), {
      onTopic: () => undefined,
      onRecord: () => {
        throw full;
      },
      onFailure: (id) => failures.push(id),
    });
    await assert.rejects(measuring, full);
    assert.deepEqual(failures, []);
  });

  it("ends with what it was ended with, and has told of what was done", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const stop = () => {
      controller.abort(reason);
      throw new Error("a consequence");
    };
    const entries = [entry("a", () => 1), entry("b", stop), entry("c", () => 3)];
    const { records, failures, ended } = await measure(entries, controller);
    assert.equal(ended, reason);
    assert.deepEqual([records.map(({ id }) => id), failures], [["a"], []]);
  });
});

describe("tellTopics", () => {
  const record = (id: string) => ({
    id,
    title: id,
    startedAt: "2026-01-01T00:00:00.000Z",
    seconds: 1,
  });

  it("tells the others when one cannot be told, or is not known", async () => {
    const broken = () => {
      throw new TypeError("undefined is no number");
    };
    const badId = {
      ...section,
      blocks: [{ kind: "table", table: { id: "X", caption: "", columns: [], rows: [] } }],
    } as const;
    const entries = [
      entry("a", () => 1, broken),
      entry("b", () => 1),
      entry(
        "c",
        () => 1,
        () => badId,
      ),
    ];
    const failed: string[] = [];
    const data = dataOf([
      { ...record("a"), result: 1 },
      { ...record("gone"), result: 1 },
      { ...record("c"), result: 1 },
      { ...record("d"), failure: "Error: earlier" },
      { ...record("b"), result: 1 },
    ]);
    const told = await tellTopics(data, entries, (id) => failed.push(id));
    assert.deepEqual(failed, ["a", "gone", "c"]);
    assert.deepEqual(
      told.map((topic) => topic.failure ?? topic.section?.introduction[0]),
      [
        "TypeError: undefined is no number",
        "Error: this version of Warren has no such topic",
        'Error: "X" cannot be the name of a file',
        "Error: earlier",
        "told",
      ],
    );
  });
});

describe("textOfFailure", () => {
  for (const [text, expected] of [
    ["cc: /tmp/warren-x/a.c:3: error", "Error: cc: <path>:3: error"],
    ["at file:///home/me/x.ts:1", "Error: at <path>:1"],
    ["open 'C:\\Users\\me\\x'", "Error: open '<path>'"],
    ["1/256 is not 3/4, at 10 keys/s", "Error: 1/256 is not 3/4, at 10 keys/s"],
  ] as const) {
    it(`makes of "${text}": ${expected}`, () => {
      assert.equal(textOfFailure(new Error(text)), expected);
    });
  }
});

describe("the topics", () => {
  for (const { id, load } of TOPICS) {
    it(`${id} is what its module calls itself`, async () => {
      assert.equal((await load()).id, id);
    });
  }
});
