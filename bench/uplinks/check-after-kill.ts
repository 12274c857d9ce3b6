import { setTimeout as sleep } from "node:timers/promises";
import { SqliteNetworkServerStore } from "../../src/storage/network-server/sqlite-network-server-store.ts";
import type { EventReceiver } from "./event-receiver.ts";
import type { LoadedServer } from "./loaded-server.ts";
import type { UplinkBench } from "./measure-uplinks.ts";

/** What was there after a server was killed amid a load, and started again. */
export interface KillCheck {
  /** Events told before the server was killed. */
  readonly toldBefore: number;
  /** Events of stored uplinks that the next server told. */
  readonly toldAfter: number;
  /** Until the next server was ready. */
  readonly startSeconds: number;
  /** Frames sent again, every one that was sent before. */
  readonly replayed: number;
  /** Of those, frames that had not been stored, and were taken now. */
  readonly takenNow: number;
}

const KILL_AFTER_MS = 2_000;
const LOAD_SECONDS = 4;
/** Without an event for so long, all that was stored has been told. */
const SILENCE_MS = 3_000;

/**
 * Kills the server amid a load, starts it again and sends every frame of the load once more.
 *
 * @throws Error when the database has a counter below one that was told, or an uplink is taken twice
 */
export async function checkAfterKill(
  server: LoadedServer,
  receiver: EventReceiver,
  bench: UplinkBench,
): Promise<KillCheck> {
  const before = receiver.events;
  const killed = sleep(KILL_AFTER_MS).then(() => server.kill());
  await bench.runUntilKilled(LOAD_SECONDS);
  await killed;
  const toldBefore = receiver.events - before;
  requireDurable(server.databaseFile, receiver, (stored, told) => stored >= told);
  const startSeconds = await server.start();
  await bench.connect();
  await settled(receiver);
  const toldAfter = receiver.events - before - toldBefore;
  // What was on its way when the server was killed may come twice; the frames below may not.
  receiver.repeated = 0;
  const replay = await bench.replay();
  // A frame that was lost with the server leaves a gap.
  receiver.outOfOrder = 0;
  receiver.check();
  await server.kill();
  requireDurable(server.databaseFile, receiver, (stored, told) => stored === told);
  return {
    toldBefore,
    toldAfter,
    startSeconds,
    replayed: replay.sent,
    takenNow: receiver.events - before - toldBefore - toldAfter,
  };
}

async function settled(receiver: EventReceiver): Promise<void> {
  let events = -1;
  while (events !== receiver.events) {
    events = receiver.events;
    await sleep(SILENCE_MS);
  }
}

function requireDurable(
  file: string,
  receiver: EventReceiver,
  isRight: (nextStored: number, nextTold: number) => boolean,
): void {
  const store = new SqliteNetworkServerStore(file);
  try {
    for (const [index, { devEui, current }] of store.listDevices().entries()) {
      const nextStored = (current?.fCntUp ?? -1) + 1;
      const nextTold = receiver.nextFCntOf(index);
      if (!isRight(nextStored, nextTold)) {
        throw new Error(`${devEui}: the next FCnt is ${nextStored}, of its events ${nextTold}`);
      }
    }
  } finally {
    store.close();
  }
}
