import { WarrenError } from "../errors.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import type { Device } from "./device.ts";
import { loadKnownDevice } from "./load-known-device.ts";
import type { JoinServerStore, UsedDevNonce } from "./ports.ts";

/** How often a decision is made again when somebody else changed the device meanwhile. */
const MAX_ATTEMPTS = 5;

/** A decision about one device: its next state and what to answer once that is stored. */
export interface Decision {
  readonly device: Device;
  readonly usedDevNonce?: UsedDevNonce | undefined;
}

/**
 * Loads a device, lets `decide` say what becomes of it, and stores that; only then is the decision
 * returned and may leave. When another request changed the device in between, it is loaded and decided
 * again, so of two equal requests at once the second sees what the first one stored.
 *
 * @param decide pure; throws to refuse, and then nothing is stored
 * @throws WarrenError `device-unknown`, `dev-nonce-replayed`, `write-conflict`, and what `decide` throws
 */
export async function decideAndSave<D extends Decision>(
  store: JoinServerStore,
  devEui: Eui64,
  decide: (device: Device) => D,
): Promise<D> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const device = await loadKnownDevice(store, devEui);
    const decision = decide(device);
    if (decision.device === device && decision.usedDevNonce === undefined) return decision;
    const outcome = await store.saveDevice(decision.device, decision.usedDevNonce);
    if (outcome === "saved") return decision;
    if (outcome === "dev-nonce-used") {
      throw new WarrenError(
        "dev-nonce-replayed",
        `DevNonce ${decision.usedDevNonce?.devNonce} was used before by this device`,
      );
    }
  }
  throw new WarrenError("write-conflict", `too many requests at once for the device ${devEui}`);
}
