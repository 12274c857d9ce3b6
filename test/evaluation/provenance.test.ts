import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { hostname, userInfo } from "node:os";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import packageLock from "../../package-lock.json" with { type: "json" };
import { collectProvenance, isSameRun, withSourcesOfNow } from "../../src/evaluation/provenance.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const provenance = collectProvenance({ seed: "s", scale: "full", workers: 3, startedAt: 0 });

describe("the provenance of a report", () => {
  it("names the versions that are installed", () => {
    const { warren, versions, startedAt } = provenance;
    assert.equal(startedAt, "1970-01-01T00:00:00.000Z");
    assert.equal(versions["Node"], process.versions.node);
    assert.equal(versions["cephes"], packageLock.packages["node_modules/cephes"].version);
    assert.equal(warren.version, packageLock.version);
    if (warren.commit === null) return;
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, ...args], { encoding: "utf8" });
    assert.equal(git("cat-file", "-t", warren.commit).trim(), "commit");
  });

  it("names no machine, no user and no path", () => {
    const text = JSON.stringify(provenance);
    const { username, homedir } = userInfo();
    for (const secret of [hostname(), homedir, root, process.cwd()]) {
      assert.ok(secret.length < 2 || !text.includes(secret), secret);
    }
    assert.ok(!new RegExp(`\\b${username}\\b`).test(text), username);
    assert.doesNotMatch(text, /\/(home|root|tmp|usr)\b/);
  });

  it("is that of changed sources once they are not those that it names", () => {
    const before = {
      ...provenance,
      warren: { ...provenance.warren, commit: "0", isModified: false },
    };
    const changed = withSourcesOfNow(before);
    assert.deepEqual(changed, { ...before, warren: { ...before.warren, isModified: true } });
    assert.ok(!isSameRun(before, changed));
  });

  it("is of the same run until something differs that a number could depend on", () => {
    assert.ok(isSameRun(provenance, JSON.parse(JSON.stringify(provenance))));
    assert.ok(
      isSameRun(provenance, { ...provenance, startedAt: "later", workers: 1, memoryBytes: 1 }),
    );
    const { warren, processor } = provenance;
    for (const other of [
      { seed: "t" },
      { scale: "short" as const },
      { warren: { ...warren, commit: "0" } },
      { versions: { ...provenance.versions, OpenSSL: "1" } },
      { processor: { ...processor, model: "another" } },
    ]) {
      assert.ok(!isSameRun(provenance, { ...provenance, ...other }), Object.keys(other)[0]);
    }
  });
});
