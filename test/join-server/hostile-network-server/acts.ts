import fc from "fast-check";
import { formatHex } from "../../../src/lorawan/hex.ts";
import { type HostileNetworkServer, mutate } from "./hostile-network-server.ts";
import type { Victim } from "./victim.ts";
import type { World } from "./world.ts";

export type Act = (world: World, a: number, b: number) => unknown;

const pick = <T>(list: readonly T[], a: number): T | undefined => list[a % list.length];
const newest = <T>(list: readonly T[], a: number): T | undefined => list.at(-1 - (a % 3));

/** What can happen, in any order: the device's own doing, that of operators, and the Network Server's. */
export const ACTS: Record<string, Act> = {
  join: ({ victim, hostile }) => hostile.hear(victim.askToJoin()),
  rejoin: ({ victim, hostile }, a) => {
    if (!victim.kind.optNeg || victim.device.session === undefined) return;
    hostile.hear(victim.askToRejoin((a % 3) as 0 | 1 | 2));
  },
  giveUpJoining: ({ victim }) => {
    victim.outstanding = undefined;
  },
  uplink: ({ victim, hostile }, a) => hostile.hearUp(victim.nextUp(a % 2 === 0 ? 222 : 11)),
  order: (world, a) => world.order(a % 2 === 0),
  wait: ({ rig }, a) => {
    rig.clock.time += 1_000 * (a % 1_200);
  },
  forward: ({ hostile }) => forward(hostile, hostile.joinRequests.at(-1)),
  replayRequest: ({ hostile }, a) => forward(hostile, pick(hostile.joinRequests, a)),
  forgeRequest: ({ hostile }, a, b) => {
    const request = pick(hostile.joinRequests, a);
    if (request === undefined) return;
    const phyPayload = Buffer.from(mutate(formatHex(request.phyPayload), b, a), "hex");
    return hostile.forwardJoin({ ...request, phyPayload });
  },
  forgeRejoin: ({ hostile }, a, b) => {
    const key = newest(hostile.sNwkSIntKeys, a);
    return key && hostile.forgeRejoin(a % 2 === 0 ? 0 : 2, key, b % 8);
  },
  accept: ({ victim, hostile }, a) => deliver(newest(hostile.accepts, a), victim),
  replayAccept: ({ victim, hostile }, a) => deliver(pick(hostile.accepts, a), victim),
  askUpdate: ({ hostile }) => hostile.askUpdate(),
  sendDown: ({ victim, hostile }, a) => sendDown(victim, hostile, newest(hostile.down, a)),
  replayDown: ({ victim, hostile }, a) => sendDown(victim, hostile, pick(hostile.down, a)),
  forgeDown: ({ victim, hostile }, a, b) => {
    const command = pick(hostile.down, a);
    sendDown(victim, hostile, command && mutate(command, b, a));
  },
  sendUp: ({ hostile }, a) => sendUp(hostile, newest(hostile.up, a)),
  replayUp: ({ hostile }, a) => sendUp(hostile, pick(hostile.up, a)),
  forgeUp: ({ hostile }, a, b) => {
    const command = pick(hostile.up, a);
    return sendUp(hostile, command && mutate(command, b, a));
  },
  inventAnswer: (world, a, b) => inventAnswer(world, a, b),
  // As an honest one does it, up to a point: what comes after is withheld.
  carryJoin: (world, a) =>
    inTurn(world, [ACTS["join"], ACTS["forward"], deliverNewest], 1 + (a % 6)),
  carryUpdate: (world, a, b) =>
    inTurn(
      world,
      [() => world.order(b % 2 === 0), sendNewest, ACTS["sendUp"], sendNewest],
      1 + (a % 8),
    ),
};

/** Those that updates get on by come more often, or hardly any would get anywhere. */
const USUAL = ["carryJoin", "carryJoin", "carryUpdate", "carryUpdate", "sendDown", "forgeRejoin"];
export const STEPS = fc.array(
  fc.tuple(
    fc.constantFrom(...Object.keys(ACTS), ...USUAL, ...USUAL),
    fc.nat({ max: 999 }),
    fc.nat({ max: 999 }),
  ),
  { minLength: 40, maxLength: 80, size: "max" },
);

/** The first `count` of some acts. */
async function inTurn(world: World, acts: (Act | undefined)[], count: number): Promise<void> {
  for (const act of acts.slice(0, count)) {
    await act?.(world, 0, 0);
    await world.checkInvariant();
  }
}

const deliverNewest: Act = ({ victim, hostile }) => deliver(hostile.accepts.at(-1), victim);
const sendNewest: Act = ({ victim, hostile }) => {
  // Not its fragments, which come after it.
  sendDown(
    victim,
    hostile,
    hostile.down.findLast((each) => !each.startsWith("82")),
  );
};

async function forward(
  hostile: HostileNetworkServer,
  request: Parameters<HostileNetworkServer["forwardJoin"]>[0] | undefined,
): Promise<void> {
  if (request !== undefined) await hostile.forwardJoin(request);
}

function deliver(accept: string | undefined, victim: Victim): void {
  if (accept !== undefined) victim.receiveAccept(accept);
}

function sendDown(
  victim: Victim,
  hostile: HostileNetworkServer,
  command: string | undefined,
): void {
  if (command !== undefined) hostile.hearUp(victim.receiveDown(command));
}

async function sendUp(hostile: HostileNetworkServer, command: string | undefined): Promise<void> {
  if (command !== undefined) await hostile.sendUp(command);
}

/** RootKeyUpdateAns has no MIC: anybody on the way can make one. */
async function inventAnswer({ hostile }: World, a: number, b: number): Promise<void> {
  const updateId = (1 + (a % 4)).toString(16).padStart(2, "0");
  await hostile.sendUp(`80${updateId}00${(b % 4).toString(16).padStart(2, "0")}`);
}
