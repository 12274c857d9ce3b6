import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import type { Device } from "./device.ts";
import { loadKnownDevice } from "./load-known-device.ts";
import type { DeviceChange, DeviceStore, SaveOutcome } from "./ports/device-store.ts";

/** How often a decision is made again when somebody else changed the device meanwhile. */
const MAX_ATTEMPTS = 5;

/** A decision about one device: its next state, what is stored with it, and what to answer then. */
export interface Decision extends DeviceChange {
  readonly device: Device;
}

/** A decision that holds; its device is as it is on record now. */
export type Decided<D extends Decision> = D & {
  /** False when there was nothing to store. */
  readonly isSaved: boolean;
};

type Devices = Pick<DeviceStore, "loadDevice" | "saveDevice">;

/**
 * Loads a device, lets `decide` say what becomes of it, and stores that; only then is the decision
 * returned and may leave. When another request changed the device in between, it is loaded and decided
 * again, so of two equal requests at once the second sees what the first one stored.
 *
 * The first attempt may be made from a copy in memory. Only a save proves that the copy was the newest, so
 * a decision without one (a refusal, or that nothing changes) is made again from the database.
 *
 * @param decide pure; throws to refuse, and then nothing is stored
 * @throws WarrenError `device-unknown`, `dev-nonce-replayed`, `write-conflict`, and what `decide` throws
 */
export async function decideAndSave<D extends Decision>(
  store: Devices,
  devEui: Eui64,
  decide: (device: Device) => D,
): Promise<Decided<D>> {
  const fromMemory = await decideFromMemory(store, devEui, decide);
  if (fromMemory !== undefined) return fromMemory;
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
    const device = await loadKnownDevice(store, devEui, "fresh");
    const decision = decide(device);
    if (isUnchanged(device, decision)) return { ...decision, isSaved: false };
    const outcome = await saveDecision(store, device, decision);
    if (outcome === "saved") return saved(decision);
    if (outcome === "dev-nonce-used") throw devNonceReplayed(decision);
  }
  throw new WarrenError("write-conflict", `too many requests at once for the device ${devEui}`);
}

/** Undefined when nothing was stored. */
async function decideFromMemory<D extends Decision>(
  store: Devices,
  devEui: Eui64,
  decide: (device: Device) => D,
): Promise<Decided<D> | undefined> {
  const device = await store.loadDevice(devEui, "may-be-stale");
  if (device === undefined) return undefined;
  let decision: D;
  try {
    decision = decide(device);
  } catch (error) {
    if (error instanceof WarrenError) return undefined;
    throw error;
  }
  if (isUnchanged(device, decision)) return undefined;
  const outcome = await saveDecision(store, device, decision);
  if (outcome === "dev-nonce-used") throw devNonceReplayed(decision);
  return outcome === "saved" ? saved(decision) : undefined;
}

function saveDecision(
  store: Devices,
  from: Device,
  { device, usedDevNonce, forgetsUsedDevNonces = false, audit, endedAttempts }: Decision,
): Promise<SaveOutcome> {
  const change = { from, usedDevNonce, forgetsUsedDevNonces, audit, endedAttempts };
  return store.saveDevice(device, change);
}

function saved<D extends Decision>(decision: D): Decided<D> {
  const { device } = decision;
  return { ...decision, device: { ...device, version: device.version + 1 }, isSaved: true };
}

function isUnchanged(device: Device, decision: Decision): boolean {
  return (
    decision.device === device &&
    decision.usedDevNonce === undefined &&
    decision.forgetsUsedDevNonces !== true &&
    decision.audit === undefined
  );
}

function devNonceReplayed(decision: Decision): WarrenError {
  return new WarrenError(
    "dev-nonce-replayed",
    `DevNonce ${decision.usedDevNonce?.devNonce} was used before by this device`,
  );
}
