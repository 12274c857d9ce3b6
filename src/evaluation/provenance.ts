import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import { fileURLToPath } from "node:url";
import packageJson from "../../package.json" with { type: "json" };
import type { Scale } from "./topic.ts";

/** What a report was made with and on. No names of machines or people, no paths. */
export interface Provenance {
  readonly seed: string;
  readonly scale: Scale;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly warren: WarrenVersion;
  /** Of everything that measures or is measured: Node, OpenSSL, packages. */
  readonly versions: Readonly<Record<string, string>>;
  readonly operatingSystem: string;
  readonly processor: Processor;
  readonly memoryBytes: number;
  readonly workers: number;
}

export interface WarrenVersion {
  readonly version: string;
  /** 40 hex digits; null where the sources are not a git work tree. */
  readonly commit: string | null;
  /** Whether files under version control differ from that commit. */
  readonly isModified: boolean;
}

export interface Processor {
  readonly model: string;
  readonly architecture: string;
  /** Logical cores that this process may use. */
  readonly cores: number;
}

/** Packages whose version a number or a picture of the report could depend on. */
const PACKAGES = ["@noble/ciphers", "@noble/hashes", "@observablehq/plot", "cephes"];

const root = fileURLToPath(new URL("../../", import.meta.url));

/** @param startedAt epoch ms */
export function collectProvenance(run: {
  readonly seed: string;
  readonly scale: Scale;
  readonly workers: number;
  readonly startedAt: number;
}): Provenance {
  return {
    seed: run.seed,
    scale: run.scale,
    startedAt: new Date(run.startedAt).toISOString(),
    warren: warrenVersion(),
    versions: {
      Node: process.versions.node,
      V8: process.versions.v8,
      OpenSSL: process.versions.openssl,
      ...Object.fromEntries(PACKAGES.map((name) => [name, installedVersion(name)])),
    },
    operatingSystem: `${type()} ${release()}`,
    processor: {
      // Empty where the system does not tell, as some on ARM.
      model: cpus()[0]?.model.trim() || "unknown",
      architecture: arch(),
      cores: availableParallelism(),
    },
    memoryBytes: totalmem(),
    workers: run.workers,
  };
}

/**
 * The same, with changes if the sources are no longer those that it names: a topic is loaded when it begins,
 * and its threads load it again.
 */
export function withSourcesOfNow(provenance: Provenance): Provenance {
  const { warren } = provenance;
  const now = warrenVersion();
  const isSame = now.commit === warren.commit && now.isModified === warren.isModified;
  return isSame ? provenance : { ...provenance, warren: { ...warren, isModified: true } };
}

/** Whether results of both may stand in one report: nothing that could change a number differs. */
export function isSameRun(one: Provenance, other: Provenance): boolean {
  return JSON.stringify(whatCounts(one)) === JSON.stringify(whatCounts(other));
}

function whatCounts(provenance: Provenance) {
  const { seed, scale, warren, versions, operatingSystem, processor } = provenance;
  const sorted = Object.entries(versions).sort();
  const { version, commit, isModified } = warren;
  const { model, architecture, cores } = processor;
  return [
    ...[seed, scale, version, commit, isModified],
    ...[sorted, operatingSystem, model, architecture, cores],
  ];
}

function warrenVersion(): WarrenVersion {
  const { version } = packageJson;
  // Elsewhere git would answer for whatever repository the folder lies in.
  if (!existsSync(`${root}.git`)) return { version, commit: null, isModified: false };
  try {
    const commit = git("rev-parse", "HEAD");
    return { version, commit, isModified: git("status", "--porcelain", "-uno") !== "" };
  } catch {
    return { version, commit: null, isModified: false };
  }
}

function git(...args: string[]): string {
  return execFileSync("git", ["-C", root, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

function installedVersion(name: string): string {
  const file = `${root}node_modules/${name}/package.json`;
  return String(JSON.parse(readFileSync(file, "utf8")).version);
}
