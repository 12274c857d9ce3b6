import type { DownlinkMacCommand } from "../../lorawan/mac-commands/downlink.ts";
import type { Region } from "../../lorawan/region/region.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import type { Device } from "../session/device.ts";
import type { Session } from "../session/session.ts";

/** The uplink in which a MAC command came. */
export interface MacContext {
  readonly session: Session;
  readonly uplink: ReceivedUplink;
  readonly region: Region;
}

/** What one MAC command does: the device afterwards, and what goes down at the next opportunity. */
export interface MacOutcome {
  readonly device: Device;
  readonly answer?: DownlinkMacCommand;
}
