import type { UpdateRecord } from "../root-key/server-state.ts";
import type { Device } from "./device.ts";

/** What a list shows of a device: all of it is known without opening a key. */
export interface DeviceSummary
  extends Pick<
    Device,
    | "devEui"
    | "joinEui"
    | "macVersion"
    | "homeNetId"
    | "asId"
    | "deviceProfile"
    | "name"
    | "isDisabled"
    | "createdAt"
    | "version"
    | "joinNonce"
    | "lastDevAddr"
    | "failedAttempts"
  > {
  /** Root key updates committed. */
  readonly generation: number;
  /** Epoch milliseconds since when the current root keys are in use. */
  readonly generationSince: number;
  /** Epoch milliseconds of the start of the newest session; undefined without one. */
  readonly lastJoinAt: number | undefined;
  /** The last root key update; undefined before the first. */
  readonly update: UpdateSummary | undefined;
}

export interface UpdateSummary extends Pick<UpdateRecord, "updateId" | "status" | "reason"> {
  /** Epoch milliseconds. */
  readonly startedAt: number | undefined;
}
