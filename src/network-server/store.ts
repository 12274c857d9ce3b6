import type { DevAddr, Eui64 } from "../lorawan/identifiers.ts";
import type { Device, DeviceChange, OutboxMessage } from "./session/device.ts";

/** A message of the outbox as it waits. */
export interface StoredMessage extends OutboxMessage {
  readonly id: number;
  /** Deliveries that failed so far. */
  readonly attempts: number;
}

/** The limits at which the Join Server is asked for new root keys; 0 switches one off. */
export interface RootKeyLimits {
  readonly afterMs: number;
  readonly afterFrames: number;
  readonly afterSessions: number;
}

/** The limits at which a 1.1 device is asked to rejoin; 0 switches one off. */
export interface SessionLimits {
  readonly afterMs: number;
  readonly afterFrames: number;
  /** No second request before this time has passed. */
  readonly retryMs: number;
}

/**
 * What the Network Server needs of its database. Every write is on disk when the call returns; every
 * failure is thrown.
 */
export interface NetworkServerStore {
  findDevice(devEui: Eui64): Device | undefined;
  /** At most `count` devices by rising DevEUI, from the one after `after` on. */
  listDevices(after?: string, count?: number): readonly Device[];
  /** Every device whose current or pending session has this address. */
  findDevicesByDevAddr(devAddr: DevAddr): readonly Device[];
  /** Writes devices, new or known, together with their sessions and queues: all of them or none. */
  saveDevices(devices: readonly Device[]): void;
  /**
   * Loads a device, lets a pure step change it and writes device and messages in one transaction.
   *
   * @throws WarrenError `device-unknown`; what `step` throws, with nothing written
   */
  changeDevice<Change extends DeviceChange>(
    devEui: Eui64,
    step: (device: Device) => Change,
  ): Change;
  /** Devices with a session whose root keys have reached a limit, at most `count`. */
  findRootKeyUpdatesDue(limits: RootKeyLimits, now: number, count: number): readonly Device[];
  /** Devices whose 1.1 session has reached a limit, at most `count`. */
  findSessionUpdatesDue(limits: SessionLimits, now: number, count: number): readonly Device[];
  /** Devices with a downlink that was handed to a gateway and whose fate was never recorded. */
  findInterruptedDownlinks(): readonly Device[];
  /** The oldest message of each device, if it is due. */
  dueMessages(now: number, count: number): readonly StoredMessage[];
  /** Epoch ms at which the next message is due. */
  nextMessageDueAt(): number | undefined;
  deleteMessages(ids: readonly number[]): void;
  postponeMessage(id: number, dueAt: number): void;
}
