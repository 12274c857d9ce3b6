import type { Eui64 } from "../lorawan/identifiers.ts";
import type { MacVersion } from "../lorawan/mac-version.ts";
import type { Downlink } from "./downlinks/downlink.ts";
import type { NewEvent, StoredEvent } from "./events.ts";
import type { RootKeyStore } from "./root-keys/root-key-store.ts";
import type { ReplacedSession, Session } from "./session.ts";
import type { UplinkRecord } from "./uplinks/uplink-record.ts";

/** A device this server has heard of, from its operator or from the Network Server. */
export interface Device {
  readonly devEui: Eui64;
  readonly macVersion: MacVersion;
  readonly createdAtMs: number;
}

/**
 * What the Application Server keeps. Every method is synchronous; those that write are durable when
 * the enclosing `transaction` returns, and are to be called inside one.
 */
export interface ApplicationServerStore {
  /** What is under way of root key updates. */
  readonly rootKeys: RootKeyStore;

  /** Runs `work` in one transaction; an error undoes all of it. */
  transaction<T>(work: () => T): T;
  /**
   * As `transaction`, a little later and together with others that are asked for at the same time: they wait for the disk
   * once. What goes wrong with one undoes that one alone, and the work of the others may then be run again.
   */
  groupedTransaction<T>(work: () => T): Promise<T>;

  device(devEui: Eui64): Device | undefined;
  /** At most `limit` devices in the order of their DevEUIs, from the first one above `after`. */
  devices(after: Eui64 | undefined, limit: number): Device[];
  /** Adds the device, or changes its version. */
  saveDevice(device: Device): void;

  /** The session downlinks go out in. */
  currentSession(devEui: Eui64): Session | undefined;
  /** Sessions that were replaced lately, without their keys, newest first. */
  replacedSessions(devEui: Eui64): ReplacedSession[];
  /** Makes `session` the current one and erases the key of the one before. */
  startSession(session: Session): void;
  /** Updates the downlink counter of the current session. */
  saveFCntDown(session: Session): void;

  /**
   * Whether an uplink was recorded already. Records are kept for a number of the latest uplinks only;
   * what is not above the highest FCntUp forgotten of its session counts as seen.
   */
  isUplinkSeen(uplink: Pick<UplinkRecord, "devEui" | "sessionKeyId" | "fCntUp">): boolean;
  addUplink(record: UplinkRecord): void;
  /** The latest uplinks, newest first. */
  uplinks(devEui: Eui64): UplinkRecord[];
  /** Forgets the uplinks of a session whose counter starts again under another key. */
  forgetUplinks(devEui: Eui64, sessionKeyId: string): void;

  downlink(downlinkId: string): Downlink | undefined;
  /** The latest downlinks, newest first. */
  downlinks(devEui: Eui64): Downlink[];
  /** Downlinks that no answer of the Network Server was stored for. */
  unansweredDownlinks(): Downlink[];
  /** Adds the downlink or changes it. */
  saveDownlink(downlink: Downlink): void;

  /** Appends an event and forgets the oldest beyond the number kept. */
  addEvent(event: NewEvent): void;
  /** At most `limit` events after `id`, oldest first, of one device if `devEui` is given. */
  eventsAfter(id: number, limit: number, devEui?: Eui64): StoredEvent[];
  /** The id of the newest event; 0 when there never was one. */
  lastEventId(): number;
}
