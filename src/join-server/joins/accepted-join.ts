import type { RandomBytes } from "../../crypto/random.ts";
import type { Device } from "../device.ts";
import type { PolicyLevels } from "../policies/policy-levels.ts";
import type { UsedDevNonce } from "../ports/device-store.ts";
import type { UpdateAttempt } from "../root-key-updates/update-attempt.ts";
import type { Session } from "../session.ts";

/** Where a decision takes the parts of it that are not in its input. */
export interface JoinContext {
  readonly randomBytes: RandomBytes;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The update policies, for what follows from an update that ends with a join. */
  readonly levels: PolicyLevels;
}

/** A join or rejoin that was accepted: what to store first, and what to answer then. */
export interface AcceptedJoin {
  /** The device after the join; not stored yet. */
  readonly device: Device;
  readonly usedDevNonce: UsedDevNonce | undefined;
  /** A root key update that ended with this join. */
  readonly endedAttempts: readonly UpdateAttempt[];
  readonly session: Session;
  /** The encrypted Join-accept. */
  readonly phyPayload: Uint8Array;
  /** The join was the first under new root keys: the update is committed. */
  readonly committedUpdate: boolean;
  /** The join under the current keys ended an update that had been confirmed. */
  readonly failedUpdate: boolean;
}
