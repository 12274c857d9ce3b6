import { setTimeout } from "node:timers/promises";
import { WarrenError } from "../errors.ts";
import type { AuditEvent } from "../join-server/ports/audit-log.ts";
import type { DataKeyStore, Resealer } from "../join-server/ports/data-key-store.ts";
import type { Vault } from "../join-server/ports/vault.ts";
import type { MasterKeyPlaces } from "./master-key-places.ts";
import { insertDataKey, yieldToOther } from "./open-vault.ts";

/** Records a call of the sweep: short enough for a stop, long enough to cost no more than the work. */
const RECORDS_PER_CALL = 1_000;

/** Before asking again for records that somebody else had in hand. */
const RETRY_MS = 100;

export interface RotationContext {
  readonly places: MasterKeyPlaces;
  readonly store: DataKeyStore & Resealer;
  /** The one that `store` seals with. */
  readonly vault: Vault;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Who rotates, for the audit log. */
  readonly actor: string;
}

export interface SweepObserver {
  /** Ends the sweep after the records in hand. */
  readonly signal: AbortSignal;
  /** Records sealed anew so far, and how many there were to do at the start. */
  onProgress(done: number, total: number): void;
}

/**
 * The version that a rotation was begun to and has not brought everything to: older data keys are still
 * there, or master keys whose data keys are gone. Undefined when there is none.
 */
export async function pendingRotation(
  store: DataKeyStore,
  places: MasterKeyPlaces,
): Promise<number | undefined> {
  const records = await store.listDataKeys();
  const newest = records.at(-1);
  if (newest === undefined) return undefined;
  const isPending =
    records.length > 1 || (await masterKeysBefore(newest.version, places)).length > 0;
  return isPending ? newest.version : undefined;
}

/**
 * Makes the master key of the next version without using it, so that a key file can be copied to the other
 * machines before a rotation.
 *
 * @returns the version, and whether it was made just now
 */
export async function prepareMasterKey({
  places,
  store,
}: Pick<RotationContext, "places" | "store">): Promise<{ version: number; isNew: boolean }> {
  const version = ((await store.listDataKeys()).at(-1)?.version ?? 0) + 1;
  return { version, isNew: await places.current.createMasterKey(version) };
}

/**
 * Begins a rotation: the next master key and a data key under it. Nothing is sealed under it yet, and what
 * is there may be used as before.
 *
 * @throws WarrenError `master-key-wrong` when another process made this data key under another master key
 */
export async function beginRotation(context: RotationContext): Promise<number> {
  const { places, store, now, actor } = context;
  const source = places.current;
  const { version, isNew } = await prepareMasterKey(context);
  const insertion = { source, keys: store, now: now(), actor };
  if (!(await insertDataKey(insertion, version, "vault.rotate"))) {
    await yieldToOther({ source, keys: store, version, isNew });
  }
  return version;
}

/**
 * Takes a rotation that was begun to its end: values are sealed under `target` only, those under older data
 * keys are sealed anew, then the older data keys and their master keys are destroyed. Each step may be
 * repeated, so after a crash it goes on where it was.
 *
 * @returns false when `observer.signal` ended the sweep before that
 */
export async function finishRotation(
  context: RotationContext,
  target: number,
  observer: SweepObserver,
): Promise<boolean> {
  const { store, vault } = context;
  await vault.refresh();
  requireVersion(vault, target);
  await store.raiseLeastSealingVersion(target, event(context, "vault.require-key", target));
  if (!(await sweep(store, target, observer))) return false;
  const records = await store.listDataKeys();
  for (const { version } of records.filter((record) => record.version < target)) {
    await store.deleteDataKey(version, event(context, "vault.destroy-key", version));
  }
  for (const { place, versions } of await masterKeysBefore(target, context.places)) {
    await place.destroyMasterKeys(versions);
  }
  return true;
}

/** False when it was told to stop. */
async function sweep(
  store: Resealer,
  target: number,
  { signal, onProgress }: SweepObserver,
): Promise<boolean> {
  const total = await store.countSealedBefore(target);
  let done = 0;
  onProgress(done, total);
  while (!signal.aborted) {
    const count = await store.resealSome(target, RECORDS_PER_CALL);
    done += count;
    onProgress(done, Math.max(done, total));
    if (count > 0) continue;
    // Asked of the database itself: what is destroyed next must be of no use to any record.
    if ((await store.countSealedBefore(target)) === 0) return true;
    await setTimeout(RETRY_MS);
  }
  return false;
}

async function masterKeysBefore(target: number, places: MasterKeyPlaces) {
  const found = await Promise.all(
    places.all.map(async (place) => {
      const versions = await place.listVersions();
      return { place, versions: versions.filter((version) => version < target) };
    }),
  );
  return found.filter(({ versions }) => versions.length > 0);
}

function requireVersion(vault: Vault, target: number): void {
  if (vault.sealingVersion >= target) return;
  throw new WarrenError(
    "vault-key-unknown",
    `the vault seals under version ${vault.sealingVersion}, not ${target}; run the command again`,
  );
}

function event({ now, actor }: RotationContext, action: string, version: number): AuditEvent {
  return { at: now(), actor, action, subject: `${version}`, details: {} };
}
