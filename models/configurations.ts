import type { ModelBuild } from "./run-spin.ts";

/** What is checked, and what must come out. */
export interface Configuration extends ModelBuild {
  readonly name: string;
  /** Part of `npm test`; the others only by `npm run models -- --all`. */
  readonly isFast: boolean;
  /** For each claim, or for the assertions: `holds`, or what must be found violated. */
  readonly expected: readonly string[];
}

/** How versions of LoRaWAN differ in what the attacker can do with old joins. */
const VERSIONS = {
  "1.1": ["BOUND", "COUNTER"],
  "1.0.4": ["COUNTER"],
  "1.0.2": [],
} as const;
type Version = keyof typeof VERSIONS;
const ALL_VERSIONS = ["1.1", "1.0.4", "1.0.2"] as const;

const SAFETY = ["INVARIANT", "STRONG", "RECOVERY", "KEEPS_SESSION"];
const CLAIMS = ["joins_again", "comes_to_an_end", "agrees", "commits"];

/** What must be possible in one run of two attempts, each of which ends only once: the events of REACH. */
const STORIES = [
  { name: "both commit, one after its Join-Accept was lost", reach: "TWO_COMMITS" },
  { name: "one fails by a join, the other commits", reach: "FAILED_AND_COMMITTED" },
  { name: "one is aborted, the other ended by wrong MICs", reach: "ABORTED_AND_WRONG" },
];

interface Mutant {
  readonly name: string;
  readonly switch: string;
  readonly checks?: readonly string[];
  /** What is found for each version. */
  readonly expected: Readonly<Record<Version, string>>;
  readonly fast: readonly Version[];
}

const everywhere = (outcome: string) => ({ "1.1": outcome, "1.0.4": outcome, "1.0.2": outcome });

/** Faults that break the protocol, and some that were found to be harmless. */
const MUTANTS: readonly Mutant[] = [
  {
    name: "device drops the candidate on a join under the current keys",
    switch: "M_DEVICE_DROPS_CANDIDATE",
    expected: { "1.1": "holds", "1.0.4": "invariant", "1.0.2": "invariant" },
    fast: ["1.1", "1.0.4", "1.0.2"],
  },
  {
    name: "Join Server erases the old keys at NewKeyReady",
    switch: "M_JS_ERASES_AT_READY",
    expected: everywhere("strong invariant"),
    fast: ["1.1"],
  },
  {
    name: "the same, seen by the invariant of section 4 alone",
    switch: "M_JS_ERASES_AT_READY",
    checks: ["INVARIANT"],
    expected: everywhere("holds"),
    fast: ["1.1"],
  },
  {
    name: "the same, seen by the device that wants to join",
    switch: "M_JS_ERASES_AT_READY",
    checks: ["RECOVERY"],
    expected: everywhere("device lost"),
    fast: ["1.1"],
  },
  {
    name: "device switches at NewKeyReadyAns, before it has joined",
    switch: "M_DEVICE_SWITCHES_AT_READY_ANS",
    expected: everywhere("invariant"),
    fast: ["1.1"],
  },
  {
    name: "device joins under the confirmed candidate alone",
    switch: "M_DEVICE_TRIES_CANDIDATE_ALONE",
    expected: everywhere("device lost"),
    fast: ["1.1"],
  },
  {
    name: "device takes an UpdateID again",
    switch: "M_DEVICE_TAKES_UPDATE_ID_AGAIN",
    expected: everywhere("invariant"),
    fast: ["1.1"],
  },
  {
    name: "device takes a request without verifying its MIC",
    switch: "M_REQUEST_WITHOUT_MIC",
    expected: everywhere("invariant"),
    fast: [],
  },
  {
    name: "device forgets the last UpdateID in a restart",
    switch: "M_LAST_UPDATE_ID_VOLATILE",
    expected: everywhere("invariant"),
    fast: [],
  },
  {
    name: "device forgets the candidate in a restart",
    switch: "M_CANDIDATE_VOLATILE",
    expected: everywhere("invariant"),
    fast: [],
  },
  {
    name: "device forgets in a restart that the candidate is confirmed",
    switch: "M_CONFIRMATION_VOLATILE",
    expected: everywhere("strong invariant"),
    fast: ["1.1"],
  },
  {
    name: "Join Server sends the Join-Accept before the commit is stored",
    switch: "M_JS_ACCEPTS_BEFORE_STORING",
    checks: ["INVARIANT"],
    expected: everywhere("invariant"),
    fast: ["1.1"],
  },
  {
    name: "Join Server keeps an old candidate when it starts anew",
    switch: "M_JS_KEEPS_CANDIDATE_AT_START",
    checks: ["INVARIANT"],
    expected: everywhere("invariant"),
    fast: [],
  },
  {
    name: "Join Server starts every attempt with the same UpdateID",
    switch: "M_UPDATE_ID_RESTARTS",
    checks: ["RECOVERY"],
    expected: everywhere("request ignored"),
    fast: ["1.1"],
  },
  {
    name: "Join Server takes a DevNonce again: an update can be thwarted for ever",
    switch: "M_DEV_NONCE_REPLAYED",
    checks: ["RECOVERY", "WITHHELD"],
    expected: everywhere("proof fits no session"),
    fast: ["1.1"],
  },
  {
    name: "the same loses no device (harmless to the keys)",
    switch: "M_DEV_NONCE_REPLAYED",
    expected: everywhere("holds"),
    fast: [],
  },
  {
    name: "Join Server forgets the candidate in a restart (harmless)",
    switch: "M_JS_CANDIDATE_VOLATILE",
    expected: everywhere("holds"),
    fast: [],
  },
  {
    name: "Join Server keeps the candidate after a join under the current keys (harmless)",
    switch: "M_JS_KEEPS_CANDIDATE_AT_JOIN",
    expected: everywhere("holds"),
    fast: [],
  },
  {
    name: "device joins under a candidate that is not confirmed (harmless)",
    switch: "M_DEVICE_TRIES_UNCONFIRMED",
    expected: everywhere("holds"),
    fast: [],
  },
];

function safety(version: Version, attempts: number): Configuration {
  return {
    name: `LoRaWAN ${version}: no device is lost, ${attempts} attempts`,
    isFast: attempts === 2,
    isLarge: attempts > 2,
    switches: [...VERSIONS[version], ...SAFETY, `ATTEMPTS=${attempts}`],
    claims: [],
    expected: ["holds"],
  };
}

/** A model in which nothing can happen would hold as well. */
function reach(version: Version): Configuration[] {
  const old = { name: "a replayed Join-Accept is taken", reach: "OLD_ACCEPT_TAKEN" };
  const stories = version === "1.1" ? STORIES : [...STORIES, old];
  return stories.map((story) => ({
    name: `LoRaWAN ${version}: it can happen that ${story.name}`,
    isFast: version === "1.1" || story === old,
    isLarge: false,
    switches: [...VERSIONS[version], "KEEPS_SESSION", `REACH=${story.reach}`],
    claims: [],
    expected: ["all of it happened"],
  }));
}

/** Join-Requests held back thwart the next update only where DevNonces are drawn. */
function withheld(version: Version): Configuration {
  return {
    name: `LoRaWAN ${version}: an update after a join, while held-back Join-Requests arrive`,
    isFast: version === "1.1",
    isLarge: false,
    switches: [...VERSIONS[version], "RECOVERY", "WITHHELD", "KEEPS_SESSION"],
    claims: [],
    expected: [version === "1.0.2" ? "update not committed" : "holds"],
  };
}

function liveness(version: Version, attempts: number): Configuration {
  const commits = version === "1.0.2" ? "commits" : "holds";
  return {
    name: `LoRaWAN ${version}: on a fair network, ${attempts} attempts before`,
    isFast: attempts === 1 && version !== "1.0.4",
    isLarge: false,
    switches: [...VERSIONS[version], "FAIR", `ATTEMPTS=${attempts}`],
    claims: CLAIMS,
    expected: ["holds", "holds", "holds", commits],
  };
}

const UNFAIR: readonly Configuration[] = [
  {
    name: "Join Server lets no update expire",
    isFast: true,
    isLarge: false,
    switches: ["BOUND", "COUNTER", "FAIR", "ATTEMPTS=1", "M_NO_EXPIRY"],
    claims: ["comes_to_an_end"],
    expected: ["comes_to_an_end"],
  },
  {
    name: "device joins under the confirmed candidate alone, on a fair network",
    isFast: false,
    isLarge: false,
    switches: ["BOUND", "COUNTER", "FAIR", "ATTEMPTS=1", "M_DEVICE_TRIES_CANDIDATE_ALONE"],
    claims: ["joins_again"],
    expected: ["joins_again"],
  },
  {
    name: "device goes back into its old session when a join is not answered",
    isFast: false,
    isLarge: false,
    switches: ["BOUND", "COUNTER", "FAIR", "ATTEMPTS=1", "KEEPS_SESSION"],
    claims: ["joins_again", "commits"],
    expected: ["holds", "commits"],
  },
];

function mutate(mutant: Mutant): Configuration[] {
  return ALL_VERSIONS.map((version) => ({
    name: `LoRaWAN ${version}: ${mutant.name}`,
    isFast: mutant.fast.includes(version),
    isLarge: false,
    switches: [
      ...VERSIONS[version],
      ...(mutant.checks ?? SAFETY),
      ...(mutant.checks === undefined ? [] : ["KEEPS_SESSION"]),
      mutant.switch,
    ],
    claims: [],
    expected: [mutant.expected[version]],
  }));
}

/** Every configuration: first the protocol as it is, then the mutants. */
export const CONFIGURATIONS: readonly Configuration[] = [
  ...[2, 3].flatMap((attempts) => ALL_VERSIONS.map((version) => safety(version, attempts))),
  ...ALL_VERSIONS.map(withheld),
  ...ALL_VERSIONS.flatMap(reach),
  ...[1, 2].flatMap((attempts) => ALL_VERSIONS.map((version) => liveness(version, attempts))),
  ...UNFAIR,
  ...MUTANTS.flatMap(mutate),
];
