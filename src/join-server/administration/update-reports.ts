import type { Clock } from "../../clock.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { type Device, generationSince } from "../device.ts";
import { loadKnownDevice } from "../load-known-device.ts";
import type { JoinServerStore } from "../ports/join-server-store.ts";
import { findStuckDevices, type StuckDevicePage } from "../root-key-updates/stuck/stuck-devices.ts";
import type { UpdateAttempt } from "../root-key-updates/update-attempt.ts";

/** Root keys that a device has, or had. */
export interface Generation {
  readonly generation: number;
  /** Epoch milliseconds; undefined when the attempt that made it is not on record any more. */
  readonly since: number | undefined;
  /** UpdateID of the attempt that made it; undefined for factory keys. */
  readonly updateId: number | undefined;
}

/** The updates of a device, as they went. */
export interface UpdateTimeline {
  readonly device: Device;
  /** Newest first. */
  readonly generations: readonly Generation[];
  /** Newest first; part of them. */
  readonly attempts: readonly UpdateAttempt[];
  /** `before` of the next page. */
  readonly next: number | undefined;
}

/** As many attempts as a store keeps of a device. */
const ALL_ATTEMPTS = 1_000;

/** What an operator can read of root key updates. */
export class UpdateReports {
  readonly #store: JoinServerStore;
  readonly #clock: Clock;

  constructor(store: JoinServerStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * @param page attempts with an UpdateID below `before`
   * @throws WarrenError `device-unknown`
   */
  async timeline(
    devEui: Eui64,
    page: { readonly limit: number; readonly before?: number | undefined },
  ): Promise<UpdateTimeline> {
    const device = await loadKnownDevice(this.#store, devEui);
    const ended = await this.#store.listUpdateAttempts(devEui, ALL_ATTEMPTS);
    const { attempt } = device;
    const all = attempt?.outcome === "under-way" ? [attempt, ...ended] : ended;
    const { before = Number.POSITIVE_INFINITY, limit } = page;
    const rest = all.filter(({ updateId }) => updateId < before);
    const attempts = rest.slice(0, limit);
    return {
      device,
      generations: generationsOf(device, ended),
      attempts,
      next: rest.length > limit ? attempts.at(-1)?.updateId : undefined,
    };
  }

  /** As `findStuckDevices`. */
  stuckDevices(query: {
    readonly waitingMs: number;
    readonly limit: number;
    readonly after?: Eui64 | undefined;
  }): Promise<StuckDevicePage> {
    return findStuckDevices(this.#store, this.#clock, query);
  }
}

/** @param ended newest first */
function generationsOf(device: Device, ended: readonly UpdateAttempt[]): Generation[] {
  const current = device.rootKeys.generation;
  const made: Generation[] = [];
  for (const { outcome, generation, endedAt, updateId } of ended) {
    const expected = current - made.length;
    // Attempts of before the root keys were replaced belong to generations that are gone.
    if (outcome !== "committed" || generation + 1 !== expected || expected === 0) continue;
    if (endedAt !== undefined && endedAt < factoryKeysSince(device)) break;
    made.push({ generation: expected, since: endedAt, updateId });
  }
  if (made.length === current) {
    return [...made, { generation: 0, since: factoryKeysSince(device), updateId: undefined }];
  }
  if (made.length > 0) return made;
  return [{ generation: current, since: generationSince(device), updateId: undefined }];
}

function factoryKeysSince({ nwkKeyReplacedAt, createdAt }: Device): number {
  return Math.max(nwkKeyReplacedAt ?? 0, createdAt);
}
