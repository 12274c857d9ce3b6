import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { PendingCommand } from "./pending-command.ts";

/** A root key command that came up and that the Join Server has to get. */
export interface RootKeyCommand {
  readonly devEui: Eui64;
  /** Whom to ask. */
  readonly joinEui: Eui64;
  /** Command identifier included. */
  readonly macCommand: Uint8Array;
  /** The gateway that heard the device best. */
  readonly gatewayId: Eui64 | undefined;
}

export interface StoredRootKeyCommand extends RootKeyCommand {
  /** Grows by the order of coming. */
  readonly id: number;
}

/** What is counted of a device to ask for an update in time. */
export interface RootKeyUsage {
  readonly devEui: Eui64;
  readonly joinEui: Eui64;
  /** Uplinks since the last update. */
  readonly frames: number;
  /** New keys are confirmed: the next session is the first under them. */
  readonly isConfirmed: boolean;
  /** Epoch milliseconds. */
  readonly askNotBeforeMs: number;
}

/** What the Application Server keeps of root key updates; as `ApplicationServerStore`, in its transactions. */
export interface RootKeyStore {
  /** Keeps the newest ones of each device. */
  addCommand(command: RootKeyCommand): void;
  /** The oldest one of a device. */
  nextCommand(devEui: Eui64): StoredRootKeyCommand | undefined;
  removeCommand(id: number): void;
  /** Devices of which a command waits for the Join Server. */
  devicesWithCommands(): Eui64[];

  pending(devEui: Eui64): PendingCommand | undefined;
  /** Takes the place of the one before. */
  savePending(pending: PendingCommand): void;
  removePending(devEui: Eui64): void;

  usage(devEui: Eui64): RootKeyUsage | undefined;
  saveUsage(usage: RootKeyUsage): void;
}
