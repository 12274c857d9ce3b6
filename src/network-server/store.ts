import type { DevAddr, Eui64 } from "../lorawan/identifiers.ts";
import type { Device, DeviceChange, OutboxMessage } from "./session/device.ts";

/** The longest that a message is postponed. One that is due later was postponed by a clock that has been set back since. */
export const LONGEST_RETRY_MS = 60_000;

/** A message of the outbox as it waits. */
export interface StoredMessage extends OutboxMessage {
  readonly id: number;
  /** Deliveries that failed so far. */
  readonly attempts: number;
}

/** Messages for one Application Server that were stored together, and are delivered together. */
export interface MessageBatch {
  readonly id: number;
  readonly asId: string;
  /** Those of one device in their order. */
  readonly messages: readonly OutboxMessage[];
  /** Their part of the body that delivers them (`outbox/message-text.ts`). */
  readonly text: string;
}

/** A pure step that changes a device. */
export interface DeviceStep<Change extends DeviceChange> {
  readonly devEui: Eui64;
  readonly step: (device: Device) => Change;
}

/** What became of a step: its result, stored, or what it has thrown. */
export type StepOutcome<Change extends DeviceChange> =
  | { readonly change: Change }
  | { readonly error: unknown };

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
  /**
   * The same for many devices in one transaction, no two steps for the same one. A step that throws, or whose
   * change can't be written, keeps no other one back.
   *
   * @returns the outcomes in the order of the steps
   */
  changeDevices<Change extends DeviceChange>(
    steps: readonly DeviceStep<Change>[],
  ): readonly StepOutcome<Change>[];
  /** Devices with a session whose root keys have reached a limit, at most `count`. */
  findRootKeyUpdatesDue(limits: RootKeyLimits, now: number, count: number): readonly Device[];
  /** Devices whose 1.1 session has reached a limit, at most `count`. */
  findSessionUpdatesDue(limits: SessionLimits, now: number, count: number): readonly Device[];
  /** Devices with a downlink that was handed to a gateway and whose fate was never recorded. */
  findInterruptedDownlinks(): readonly Device[];
  /** The oldest message of each device, if it is due; also one that is due later than anything is postponed. */
  dueMessages(now: number, count: number): readonly StoredMessage[];
  /** Epoch ms at which the next message is due. */
  nextMessageDueAt(): number | undefined;
  deleteMessages(ids: readonly number[]): void;
  postponeMessage(id: number, dueAt: number): void;
  /** The Application Servers that batches wait for. */
  batchAsIds(): readonly string[];
  /** How many batches wait for one. */
  batchCount(asId: string): number;
  /** The oldest batches for an Application Server, as many as have at most `count` messages, or one. */
  firstBatches(asId: string, count: number): readonly MessageBatch[];
  /** Messages of a batch that have to wait for older ones of their devices, which are not in a batch. */
  heldBack(batch: MessageBatch): readonly OutboxMessage[];
  /** A batch has been delivered, but for some messages, which are kept each for itself from now on. */
  settleBatch(batch: MessageBatch, left: readonly OutboxMessage[]): void;
}
