import { setTimeout as sleep } from "node:timers/promises";
import type { EventReceiver } from "./event-receiver.ts";
import type { LoadGateway } from "./load-gateway.ts";
import type { PreparedDatagram } from "./prepared-uplinks.ts";

export interface LoadOptions {
  readonly gateways: readonly LoadGateway[];
  readonly receiver: EventReceiver;
  readonly datagrams: readonly PreparedDatagram[];
  /** Uplinks a second; undefined: as fast as they are taken. */
  readonly perSecond: number | undefined;
  /** Ends the load early. */
  readonly seconds: number;
}

export interface LoadResult {
  /** How many of the datagrams were sent. */
  readonly datagrams: number;
  /** Uplinks in them. */
  readonly sent: number;
  /** Uplinks whose event came. */
  readonly events: number;
  /** From the first datagram to the last event. */
  readonly seconds: number;
  /** From a datagram to the event of an uplink in it. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of those that were sent in the middle half of the load. */
  readonly perSecond: number;
}

/** Datagrams of one gateway: the socket of a server that stands still for a moment holds as many. */
const MAX_UNANSWERED = 12;
/** Uplinks whose event is awaited: four fifths of a second of the goal. */
const MAX_WITHOUT_EVENT = 16_000;
/** Without any event for so long, the others are lost. */
const SILENCE_MS = 3_000;

/** Sends prepared datagrams in their order, and waits for the events. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { gateways, receiver, datagrams, perSecond } = options;
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  const eventTimes: number[] = [];
  let sent = 0;
  let next = 0;
  let lastEventAt = performance.now();
  receiver.onEvent = (index, fCnt) => {
    const key = keyOf(index, fCnt);
    lastEventAt = performance.now();
    latencies.push(lastEventAt - (sentAt.get(key) ?? Number.NaN));
    eventTimes.push(lastEventAt);
    sentAt.delete(key);
  };
  const startedAt = performance.now();
  const endsAt = startedAt + options.seconds * 1000;
  const isDone = () => next >= datagrams.length || performance.now() > endsAt;
  const push = () => {
    const now = performance.now();
    const due = perSecond === undefined ? Infinity : ((now - startedAt) / 1000) * perSecond;
    while (!isDone() && sent < due && sentAt.size < MAX_WITHOUT_EVENT) {
      const datagram = datagrams[next] as PreparedDatagram;
      const gateway = gateways[datagram.gateway] as LoadGateway;
      if (gateway.unanswered >= MAX_UNANSWERED) return;
      for (const { index, fCnt } of datagram.uplinks) sentAt.set(keyOf(index, fCnt), now);
      gateway.push(datagram.bytes);
      sent += datagram.uplinks.length;
      next++;
    }
  };
  for (const gateway of gateways) gateway.onAcknowledged = push;
  while (!isDone()) {
    push();
    await sleep(1);
  }
  while (sentAt.size > 0 && performance.now() - lastEventAt < SILENCE_MS) await sleep(10);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(share * latencies.length)] ?? Number.NaN;
  return {
    datagrams: next,
    sent,
    events: latencies.length,
    seconds: (lastEventAt - startedAt) / 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    perSecond: middleRate(eventTimes),
  };
}

function keyOf(index: number, fCnt: number): number {
  return fCnt * 0x100000 + index;
}

/** Events a second between the first and the last quarter of them: without start and end. */
function middleRate(times: readonly number[]): number {
  const [from, to] = [Math.floor(times.length / 4), Math.floor((3 * times.length) / 4)];
  return ((to - from) * 1000) / ((times[to] as number) - (times[from] as number));
}
