import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { BackupRow } from "../../../../src/storage/join-server/backup/backup-table.ts";
import { mergeDevice } from "../../../../src/storage/join-server/backup/merge-device.ts";

const nonce16 = fc.option(fc.nat(0xffff), { nil: null });
const row: fc.Arbitrary<BackupRow> = fc.record({
  dev_eui: fc.constant("0102030405060708"),
  version: fc.integer({ min: 1, max: 5 }),
  join_nonce: fc.nat(0xffffff),
  initial_join_nonce: fc.nat(0xffffff),
  last_dev_nonce: nonce16,
  rj_count1: nonce16,
  name: fc.string(),
});
const known = fc.oneof(
  fc.record({ device: row, retired: fc.constant(undefined) }),
  fc.record({ device: fc.constant(undefined), retired: row }),
  fc.constant({ device: undefined, retired: undefined }),
);
const margin = fc.nat(2_000);
const NONCES = ["join_nonce", "last_dev_nonce", "rj_count1"];

const cases = { numRuns: 2_000 };

describe("mergeDevice", () => {
  it("never lets a nonce go back, nor a version that somebody may have a copy of come again", () => {
    fc.assert(
      fc.property(row, known, margin, (backup, there, joinNonceMargin) => {
        const merged = mergeDevice(backup, there, joinNonceMargin);
        const before = there.device ?? there.retired;
        const result =
          (merged.kind === "deleted" ? merged.retired : merged.device) ?? before ?? backup;
        for (const record of [backup, before]) {
          for (const name of NONCES) {
            assert.ok(Number(result[name]) >= Number(record?.[name] ?? 0), name);
          }
        }
        assert.ok(Number(result["join_nonce"]) <= 0xffffff);
        if (before !== undefined && merged.kind !== "deleted" && result !== before) {
          assert.ok(Number(result["version"]) > Number(before["version"]));
          assert.ok(
            Number(result["version"]) > Number(backup["version"]) || merged.kind === "kept",
          );
        }
      }),
      cases,
    );
  });

  it("takes the record with the higher version, and leaves a device deleted that was deleted since", () => {
    fc.assert(
      fc.property(row, known, margin, (backup, there, joinNonceMargin) => {
        const { kind, ...merged } = mergeDevice(backup, there, joinNonceMargin);
        const isNewer = (other: BackupRow) => Number(backup["version"]) > Number(other["version"]);
        if (there.device !== undefined) {
          assert.equal(kind, isNewer(there.device) ? "replaced" : "kept");
        } else if (there.retired !== undefined) {
          assert.equal(kind, isNewer(there.retired) ? "added" : "deleted");
        } else {
          assert.equal(kind, "added");
        }
        const from = kind === "kept" ? there.device : backup;
        const device = "device" in merged ? merged.device : undefined;
        if (device !== undefined) assert.equal(device["name"], from?.["name"]);
      }),
      cases,
    );
  });

  it("adds the margin to the JoinNonce of the backup where its record is taken", () => {
    fc.assert(
      fc.property(row, margin, (backup, joinNonceMargin) => {
        const nothing = { device: undefined, retired: undefined };
        const merged = mergeDevice(backup, nothing, joinNonceMargin);
        assert.ok(merged.kind === "added");
        const expected = Math.min(Number(backup["join_nonce"]) + joinNonceMargin, 0xffffff);
        const added = expected - Number(backup["join_nonce"]);
        assert.deepEqual(merged.device, {
          ...backup,
          join_nonce: expected,
          // Rejoins are counted from there, and the margin is none.
          initial_join_nonce: Number(backup["initial_join_nonce"]) + added,
        });
      }),
      cases,
    );
  });
});
