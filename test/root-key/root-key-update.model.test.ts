import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { UpdateStatus } from "../../src/root-key/server-state.ts";
import { ALL_SUITES } from "../../src/root-key/suite.ts";
import { type Machines, REAL_MACHINES, type Step, UpdateWorld } from "./update-world.ts";

/** A step, and how many of the messages that come of it the attacker lets through at once. */
interface Move {
  readonly step: Step;
  readonly passes: number;
}

const simple = (
  what: Exclude<Step["do"], "start" | "repeat" | "uplink" | "deliver">,
): fc.Arbitrary<Step> => fc.constant({ do: what });

/** `age` counts messages back from the newest: late ones, and replays out of the whole past. */
const delivery = (age: fc.Arbitrary<number>) =>
  fc.record({ do: fc.constant("deliver" as const), age });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: simple("join") },
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant("uplink" as const),
      roomBytes: fc.constantFrom(0, 11, 11, 43, 43, 43),
    }),
  },
  { weight: 10, arbitrary: delivery(fc.nat(3)) },
  { weight: 15, arbitrary: delivery(fc.nat(200)) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("start" as const),
      suite: fc.constantFrom(...ALL_SUITES),
      isHealing: fc.boolean(),
      inFragments: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("repeat" as const), inFragments: fc.boolean() }),
  },
  { weight: 2, arbitrary: simple("abort") },
  { weight: 2, arbitrary: simple("restart-device") },
  { weight: 2, arbitrary: simple("restart-server") },
  { weight: 1, arbitrary: simple("toggle-busy") },
);

const passes = fc.constantFrom(0, 1, 2, 2, 2, 3, 5, 6, 8);

const chaos = fc.array(fc.record({ step, passes }), { minLength: 20, maxLength: 100, size: "max" });

/** Makes the moves in a new world; throws at the first one after which something does not hold. */
function play(moves: readonly Move[], isJoinAcceptBound: boolean, machines: Machines): UpdateWorld {
  const world = new UpdateWorld({ machines, isJoinAcceptBound });
  for (const move of moves) world.exchange(move.step, move.passes);
  return world;
}

const { device, server } = REAL_MACHINES;

/** Ways to get the protocol wrong; each must be found out. */
const mutants: readonly {
  readonly name: string;
  readonly isJoinAcceptBound: boolean;
  readonly machines: Machines;
}[] = [
  {
    name: "a device that drops its candidate when it joins with the current keys (rule 5), 1.0.x",
    isJoinAcceptBound: false,
    machines: {
      server,
      device: {
        ...device,
        joinAccepted: (state, which) => {
          const joined = device.joinAccepted(state, which);
          return which === "current" ? { ...joined, candidate: undefined } : joined;
        },
      },
    },
  },
  {
    name: "a Join Server that erases the old keys at NewKeyReady",
    isJoinAcceptBound: true,
    machines: {
      device,
      server: {
        ...server,
        receiveNewKeyReadyReq: (state, octets, sessions) => {
          const received = server.receiveNewKeyReadyReq(state, octets, sessions);
          const { candidateKeys } = received.state;
          return candidateKeys === undefined
            ? received
            : { ...received, state: server.joinVerified(received.state, "candidate") };
        },
      },
    },
  },
  {
    name: "a Join Server that keeps an old candidate when it starts anew",
    isJoinAcceptBound: true,
    machines: {
      device,
      server: {
        ...server,
        startUpdate: (state, options) => {
          const started = server.startUpdate(state, options);
          return {
            ...started,
            state: { ...started.state, candidateKeys: state.candidateKeys },
          };
        },
        receiveNewKeyReadyReq: (state, octets, sessions) =>
          server.receiveNewKeyReadyReq(
            state.update?.status === "confirmed" ? state : { ...state, candidateKeys: undefined },
            octets,
            sessions,
          ),
      },
    },
  },
  {
    name: "a Join Server that keeps the private key of a healing update",
    isJoinAcceptBound: true,
    machines: {
      device,
      server: {
        ...server,
        receiveNewKeyReadyReq: (state, octets, sessions) => {
          const received = server.receiveNewKeyReadyReq(state, octets, sessions);
          const { x25519PrivateKey } = state;
          return { ...received, state: { ...received.state, x25519PrivateKey } };
        },
      },
    },
  },
  {
    name: "a device that switches at NewKeyReadyAns, before it has joined",
    isJoinAcceptBound: true,
    machines: {
      server,
      device: {
        ...device,
        receiveNewKeyReadyAns: (state, octets) => {
          const received = device.receiveNewKeyReadyAns(state, octets);
          return received.mustJoin
            ? { ...received, state: device.joinAccepted(received.state, "candidate") }
            : received;
        },
      },
    },
  },
  {
    name: "a device that takes an UpdateID again",
    isJoinAcceptBound: true,
    machines: {
      server,
      device: {
        ...device,
        receiveRootKeyUpdateReq: (state, octets, session, options) => {
          const forgetful = { ...state, lastUpdateId: 0 };
          const received = device.receiveRootKeyUpdateReq(forgetful, octets, session, options);
          const lastUpdateId = Math.max(state.lastUpdateId, received.state.lastUpdateId);
          return { ...received, state: { ...received.state, lastUpdateId } };
        },
      },
    },
  },
];

describe("the root key update under loss, delay, replay and restarts", () => {
  for (const { version, isJoinAcceptBound } of [
    { version: "LoRaWAN 1.1", isJoinAcceptBound: true },
    { version: "LoRaWAN 1.0.x", isJoinAcceptBound: false },
  ]) {
    it(`loses no ${version} device, and works again when the network does`, () => {
      const seen = new Set<UpdateStatus>();
      let commits = 0;
      let healingCommits = 0;
      fc.assert(
        fc.property(chaos, (moves) => {
          const world = play(moves, isJoinAcceptBound, REAL_MACHINES);
          for (const status of world.seenStatuses) seen.add(status);
          commits += world.server.generation;
          healingCommits += world.healingCommits;
          const isHealing = moves.length % 3 > 0;
          world.checkLiveness({ isHealing, inFragments: moves.length % 3 === 2 });
        }),
        { numRuns: 250 },
      );
      assert.equal(seen.size, 5, "the chaos reaches every status");
      assert.ok(commits > 100, `the chaos lets updates through: ${commits}`);
      assert.ok(healingCommits > 10, `and healing ones: ${healingCommits}`);
    });
  }

  for (const { name, isJoinAcceptBound, machines } of mutants) {
    it(`finds out ${name}`, () => {
      const result = fc.check(
        fc.property(chaos, (moves) => {
          play(moves, isJoinAcceptBound, machines);
        }),
        { numRuns: 3000, seed: 3, endOnFailure: true },
      );
      assert.ok(result.failed, "the mutant survived");
    });
  }
});
