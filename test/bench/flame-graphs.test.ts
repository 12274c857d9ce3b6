import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readCpuProfile } from "../../bench/flame-graphs/cpu-profile.ts";
import { flameSvg } from "../../bench/flame-graphs/flame-svg.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  ...{ id, children },
  callFrame: { functionName, url },
});

/** main calls join twice, once by way of the event loop; then nothing happens. */
const PROFILE = {
  nodes: [
    node(1, "(root)", "", [2, 3, 6]),
    node(2, "join", "file:///x/src/join-server/join.ts", [5]),
    node(3, "runMicrotasks", "", [4]),
    node(4, "join", "file:///x/src/join-server/join.ts"),
    node(5, "parse<T>", "file:///x/node_modules/json/index.js"),
    node(6, "(idle)", ""),
  ],
  samples: [2, 5, 4, 6],
  timeDeltas: [100, 200, 300, 400],
};

describe("flame graphs", () => {
  const file = join(temporaryFolder(), "a.cpuprofile");
  writeFileSync(file, JSON.stringify(PROFILE));

  test("have each function once below what has called it, with the time of all samples but idle ones", () => {
    const root = readCpuProfile(file, 0);
    assert.equal(root.microseconds, 600);
    const [joins, ...others] = [...root.callees.values()];
    assert.deepEqual(others, []);
    assert.equal(joins?.module, "src/join-server/join.ts");
    assert.equal(joins?.microseconds, 600);
    const [parse] = [...(joins?.callees.values() ?? [])];
    assert.deepEqual(
      [parse?.name, parse?.module, parse?.microseconds],
      ["parse<T>", "json/index.js", 200],
    );
    assert.equal(readCpuProfile(file, 0.25).microseconds, 500);
  });

  test("are drawn to scale, with names that cannot be taken for markup", () => {
    const svg = flameSvg(readCpuProfile(file, 0), "a & b");
    const widths = [...svg.matchAll(/<g><title>([^<]*)<\/title><rect [^>]*width="([0-9.]+)"/g)];
    assert.deepEqual(
      widths.map(([, title, width]) => [title, Number(width)]),
      [
        ["all: 100.0 %", 1200],
        ["join (src/join-server/join.ts): 100.0 %", 1200],
        ["parse&lt;T&gt; (json/index.js): 33.3 %", 400],
      ],
    );
    assert.ok(svg.includes("a &amp; b"));
  });
});
