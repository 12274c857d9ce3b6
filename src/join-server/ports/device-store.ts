import type { Eui64, NetId } from "../../lorawan/identifiers.ts";
import type { MacVersion } from "../../lorawan/mac-version.ts";
import type { UpdateStatus } from "../../root-key/server-state.ts";
import type { Device } from "../device.ts";
import type { DeviceSummary } from "../device-summary.ts";
import type { UpdateAttempt } from "../root-key-updates/update-attempt.ts";
import type { AuditEvent } from "./audit-log.ts";

/** A random DevNonce of a device before 1.0.4, which must never come back for this JoinEUI. */
export interface UsedDevNonce {
  readonly joinEui: Eui64;
  readonly devNonce: number;
}

/** What became of a save. Only `saved` changed anything, and that is on disk. */
export type SaveOutcome = "saved" | "version-conflict" | "dev-nonce-used";

/**
 * Whether a copy kept in memory will do. It may be older than what another process has stored since, so a
 * decision made from it holds only once a save from its version has succeeded; nobody is refused by it.
 */
export type Freshness = "fresh" | "may-be-stale";

/** What is stored together with a device, in the same transaction. */
export interface DeviceChange {
  /** The device as it was loaded from this store, when the one to save was made from it: less is written then. */
  readonly from?: Device | undefined;
  readonly usedDevNonce?: UsedDevNonce | undefined;
  /** Forgets every used DevNonce of the device: only for a reset that an operator asked for. */
  readonly forgetsUsedDevNonces?: boolean;
  readonly audit?: AuditEvent | undefined;
  /** Attempts that are over, for the timeline; one that is there already is replaced. */
  readonly endedAttempts?: readonly UpdateAttempt[] | undefined;
}

/** A device to add, with the random DevNonces that another server has seen of it. */
export interface NewDevice {
  readonly device: Device;
  readonly usedDevNonces: readonly UsedDevNonce[];
}

/** Which devices are wanted; members that are absent ask for nothing. */
export interface DeviceQuery {
  /** The first hex digits of the DevEUI. */
  readonly devEuiPrefix?: string;
  readonly joinEui?: Eui64;
  readonly homeNetId?: NetId;
  readonly asId?: string;
  readonly macVersion?: MacVersion;
  readonly generation?: number;
  readonly generationAtMost?: number;
  readonly updateStatus?: UpdateStatus;
  readonly isDisabled?: boolean;
  readonly deviceProfile?: string;
  /** Part of the name, of the description or of the value of a tag; case does not matter. */
  readonly text?: string;
}

/**
 * Devices whose policy may want an update: not disabled, none under way, `updateNotBefore` over, and one of
 * the reasons holds. A cheap look at columns; the decision is made from the device.
 */
export interface DueQuery {
  readonly now: number;
  /** Devices that name this profile; or those that name none of these, be it no profile or an unknown one. */
  readonly deviceProfile: string | { readonly noneOf: readonly string[] };
  /** True: only devices with a policy of their own, and then whatever the reasons; false: only those without. */
  readonly hasOwnPolicy: boolean;
  /** The current root keys are in use since this or before (epoch milliseconds). */
  readonly generationSinceAtMost?: number;
  readonly generationSessionsAtLeast?: number;
  readonly isUpdateWanted?: boolean;
}

/** Devices whose updates need a hand: any of these, of those that are given. */
export interface StuckQuery {
  /** An update under way since this or before (epoch milliseconds). */
  readonly startedAtMost?: number;
  readonly failedAttemptsAtLeast?: number;
  readonly lastUpdateIdAtLeast?: number;
}

/** How many devices are alike in what an overview shows of them. */
export interface DeviceTally {
  readonly macVersion: MacVersion;
  readonly generation: number;
  /** Of the last root key update; undefined before the first. */
  readonly updateStatus: UpdateStatus | undefined;
  readonly isDisabled: boolean;
  /** Whether a JoinNonce has been issued to it, here or by the server that had it before. */
  readonly hasJoined: boolean;
  readonly count: number;
}

/** Part of an answer in the order of DevEUI. */
export interface DevicePage {
  readonly devices: readonly Device[];
  /**
   * Where the next page goes on (`after`), undefined at the end. A page may have fewer devices than asked
   * for and still go on: a search looks at a bounded number of rows at a time, so that joins do not wait.
   */
  readonly next: Eui64 | undefined;
}

/** As `DevicePage`, of what a list shows. */
export interface DeviceSummaryPage {
  readonly devices: readonly DeviceSummary[];
  readonly next: Eui64 | undefined;
}

/** As `DevicePage`, without what the devices are: no key is opened for it. */
export interface DevEuiPage {
  readonly devEuis: readonly Eui64[];
  readonly next: Eui64 | undefined;
}

/**
 * Where the Join Server keeps its devices. Each call is one transaction. A join and a step of a root key
 * update touch the rows of one device only, so that an implementation may distribute by DevEUI.
 *
 * @throws WarrenError `storage-failed` from every method
 */
export interface DeviceStore {
  /** @throws WarrenError `sealed-value-damaged`, `vault-key-unknown` when its keys do not open */
  loadDevice(devEui: Eui64, freshness?: Freshness): Promise<Device | undefined>;

  /**
   * Adds devices; those whose DevEUI is taken are left as they are. The nonces of a device that was
   * deleted go on where they were, whatever the new record says of them.
   *
   * @returns for each device, in order, whether it was added
   */
  createDevices(devices: readonly NewDevice[], audit?: AuditEvent): Promise<boolean[]>;

  /**
   * Replaces a device whose stored version is still `device.version`, adds one to it, and records the
   * DevNonce and the audit event, all or nothing. Of two saves made from the same version one is a
   * `version-conflict`.
   */
  saveDevice(device: Device, change?: DeviceChange): Promise<SaveOutcome>;

  /**
   * Erases a device with its keys; its nonces stay, so that a device created anew under the same DevEUI
   * cannot be made to accept an old Join-request.
   *
   * @returns false when there is none
   */
  deleteDevice(devEui: Eui64, audit?: AuditEvent): Promise<boolean>;

  /**
   * Devices in the order of their DevEUI, after `after`. Always fresh.
   *
   * @throws WarrenError `sealed-value-damaged` when one of them cannot be read: a list is whole or none
   */
  findDevices(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevicePage>;

  /** As `findDevices`, at a small part of the cost: no key is opened but for a row older than `lastJoinAt`. */
  findDeviceSummaries(query: DeviceQuery, limit: number, after?: Eui64): Promise<DeviceSummaryPage>;

  /** As `findDevices`, for who looks at one after the other: one that cannot be read is in no one's way. */
  findDevEuis(query: DeviceQuery, limit: number, after?: Eui64): Promise<DevEuiPage>;

  /** In the order of DevEUI, after `after`; fewer than `limit` only at the end. */
  findDueDevices(query: DueQuery, limit: number, after?: Eui64): Promise<Eui64[]>;

  /** As `findDevEuis`. */
  findStuckDevices(query: StuckQuery, limit: number, after?: Eui64): Promise<DevEuiPage>;

  /** Ended attempts of a device, newest first, with an UpdateID below `before`. Some hundreds are kept. */
  listUpdateAttempts(devEui: Eui64, limit: number, before?: number): Promise<UpdateAttempt[]>;

  countDevices(): Promise<number>;

  /**
   * Counts all devices by what they are alike in; no two of the answer are alike. It looks at every row, in
   * slices between which joins go on, and is therefore not for every request: see `overview/`.
   */
  tallyDevices(): Promise<DeviceTally[]>;

  /** The DevNonces on record of a device before 1.0.4. */
  listUsedDevNonces(devEui: Eui64): Promise<UsedDevNonce[]>;
}
