import type { Device } from "../../join-server/device.ts";
import type { DeviceChange, UsedDevNonce } from "../../join-server/ports/device-store.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { ColumnValue } from "./rows/column.ts";
import type { DeviceCodec } from "./rows/device-codec.ts";

/** What a join changes in the row of a device. */
export interface JoinRow {
  readonly devEui: Eui64;
  /** As it was read. */
  readonly version: number;
  /** The data key version that its sessions are sealed under. */
  readonly sealedUnder: number;
  /** Of `JOIN_COLUMNS`. */
  readonly values: readonly ColumnValue[];
  readonly usedDevNonce: UsedDevNonce | undefined;
}

/** The row of a save that is a join and nothing else; undefined when it is more. */
export function joinRowOf(
  codec: DeviceCodec,
  device: Device,
  { from, usedDevNonce, forgetsUsedDevNonces = false, audit, endedAttempts = [] }: DeviceChange,
): JoinRow | undefined {
  const isMore = forgetsUsedDevNonces || audit !== undefined || endedAttempts.length > 0;
  const encoded = from === undefined || isMore ? undefined : codec.encodeJoin(device, from);
  if (encoded === undefined) return undefined;
  const { devEui, version } = device;
  return { devEui, version, ...encoded, usedDevNonce };
}
