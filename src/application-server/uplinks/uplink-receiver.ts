import type { Clock } from "../../clock.ts";
import { equalKeys } from "../../crypto/aes128.ts";
import { keyFingerprint } from "../../crypto/key-fingerprint.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import type { Logger } from "../../logger.ts";
import { cipherFrmPayload } from "../../lorawan/data/payload-cipher.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { EventBell, NewEvent } from "../events.ts";
import type { RootKeyRelay } from "../root-keys/root-key-relay.ts";
import { firstFCntDown, type Session } from "../session.ts";
import type { ApplicationServerStore } from "../store.ts";
import type { AppSKeyFinder } from "./app-s-key.ts";
import type { UplinkMessage } from "./uplink-message.ts";
import { type UndecryptableReason, type UplinkRecord, uplinkRecord } from "./uplink-record.ts";

export interface UplinkReceiverOptions {
  readonly store: ApplicationServerStore;
  readonly finder: AppSKeyFinder;
  readonly bell: EventBell;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined: root key updates do not go over an application port. */
  readonly rootKeyRelay: RootKeyRelay | undefined;
}

export type UplinkOutcome = "decrypted" | "undecryptable" | "duplicate";

/** Before it is known where its downlink counter starts. */
type NewSession = Omit<Session, "nextFCntDown">;

type FoundSession =
  | { readonly session: Session; readonly isNew: false }
  | { readonly session: NewSession; readonly isNew: true };

/** The session an uplink belongs to, or why there is none. */
type Found = FoundSession | { readonly reason: UndecryptableReason };

/** Takes uplinks from the Network Server, decrypts and keeps them. */
export class UplinkReceiver {
  readonly #options: UplinkReceiverOptions;
  /** One at a time per device: two copies of the first uplink of a session must not start it twice. */
  readonly #queue = new KeyedQueue();

  constructor(options: UplinkReceiverOptions) {
    this.#options = options;
  }

  /**
   * Decrypts an uplink under the AppSKey of its session, which it gets first if the session is new.
   * What it resolves with is on disk: the Network Server may forget the uplink.
   *
   * @throws WarrenError `peer-unreachable`, `peer-answer-malformed` or `peer-refused` when the Join
   *   Server can't answer now; nothing was changed and the Network Server has to repeat
   */
  receive(message: UplinkMessage): Promise<UplinkOutcome> {
    return this.#queue.run(message.devEui, () => this.#receive(message));
  }

  async #receive(message: UplinkMessage): Promise<UplinkOutcome> {
    if (this.#options.store.isUplinkSeen(message)) return "duplicate";
    const found = await this.#findSession(message);
    if ("reason" in found) return this.#keepUndecryptable(message, found.reason);
    const isKept = await this.#keepDecrypted(message, found);
    return isKept ? "decrypted" : this.#receive(message);
  }

  async #findSession(message: UplinkMessage): Promise<Found> {
    const { store, finder, clock } = this.#options;
    const { devEui, devAddr, sessionKeyId, macVersion } = message;
    const current = store.currentSession(devEui);
    if (current?.sessionKeyId === sessionKeyId) {
      return current.devAddr === devAddr
        ? { session: current, isNew: false }
        : { reason: "identity-contradiction" };
    }
    const replaced = store.replacedSessions(devEui);
    if (replaced.some((session) => session.sessionKeyId === sessionKeyId)) {
      return { reason: "session-replaced" };
    }
    const outcome = await finder.find(message);
    if ("reason" in outcome) return outcome;
    const session = {
      devEui,
      sessionKeyId,
      devAddr,
      macVersion,
      appSKey: outcome.appSKey,
      source: outcome.source,
      startedAtMs: clock.now(),
    };
    return { session, isNew: true };
  }

  /** @returns false when the session has been replaced meanwhile; then nothing was changed */
  async #keepDecrypted(message: UplinkMessage, found: FoundSession): Promise<boolean> {
    const { store, rootKeyRelay } = this.#options;
    const { session } = found;
    const payload = cipherFrmPayload({
      key: session.appSKey,
      direction: "up",
      devAddr: session.devAddr,
      fCnt32: message.fCntUp,
      payload: message.frmPayload,
    });
    const isRootKeyMessage = rootKeyRelay?.isRootKeyMessage(message.fPort, payload) ?? false;
    const record = uplinkRecord(message, { payload }, isRootKeyMessage);
    // Downlinks and the operator go on while the Join Server answers and others write.
    const kept = await store.groupedTransaction(() => {
      if (!found.isNew && !this.#isCurrent(found.session)) return undefined;
      const newSession = found.isNew ? this.#countingOn(found.session) : undefined;
      this.#write(record, message, newSession);
      rootKeyRelay?.note({ message, payload, isNewSession: found.isNew });
      return { newSession };
    });
    if (kept === undefined) return false;
    this.#tell(record, kept.newSession);
    rootKeyRelay?.proceed(message.devEui);
    return true;
  }

  /** With a downlink counter that goes on where the same AppSKey has been in use before. */
  #countingOn(session: NewSession): Session {
    const { store } = this.#options;
    const { devEui, appSKey } = session;
    const current = store.currentSession(devEui);
    const replaced = store.replacedSessions(devEui);
    return { ...session, nextFCntDown: firstFCntDown(appSKey, current, replaced) };
  }

  /** The operator may have personalised the device again. */
  #isCurrent({ devEui, sessionKeyId, appSKey }: Session): boolean {
    const current = this.#options.store.currentSession(devEui);
    return current?.sessionKeyId === sessionKeyId && equalKeys(current.appSKey, appSKey);
  }

  #keepUndecryptable(message: UplinkMessage, reason: UndecryptableReason): UplinkOutcome {
    const { devEui, sessionKeyId, fCntUp } = message;
    const { store, logger } = this.#options;
    const record = uplinkRecord(message, { undecryptable: reason });
    store.transaction(() => this.#write(record, message));
    this.#tell(record);
    logger.warn({
      event: "uplink-undecryptable",
      devEui,
      sessionKeyId,
      fCntUp,
      reason,
    });
    return "undecryptable";
  }

  /** In a transaction. */
  #write(
    record: UplinkRecord,
    { devEui, macVersion }: UplinkMessage,
    newSession?: Session | undefined,
  ): void {
    const { store, clock } = this.#options;
    const device = store.device(devEui);
    if (device?.macVersion !== macVersion) {
      store.saveDevice({ devEui, macVersion, createdAtMs: device?.createdAtMs ?? clock.now() });
    }
    if (newSession !== undefined) {
      store.startSession(newSession);
      store.addEvent(sessionEvent(newSession));
    }
    store.addUplink(record);
    store.addEvent(uplinkEvent(record));
  }

  /** After it. */
  #tell({ devEui, fCntUp }: UplinkRecord, newSession?: Session | undefined): void {
    const { bell, logger } = this.#options;
    if (newSession !== undefined) {
      const { sessionKeyId, source } = newSession;
      logger.info({ event: "session-started", devEui, sessionKeyId, source });
    }
    logger.debug({ event: "uplink-received", devEui, fCntUp });
    bell.ring();
  }
}

/** A new session, as applications see it. */
export function sessionEvent(session: Session): NewEvent {
  return {
    type: "session",
    devEui: session.devEui,
    data: {
      devEui: session.devEui,
      sessionKeyId: session.sessionKeyId,
      devAddr: session.devAddr,
      macVersion: session.macVersion,
      source: session.source,
      appSKeyFingerprint: keyFingerprint(session.appSKey),
      startedAt: new Date(session.startedAtMs).toISOString(),
    },
  };
}

function uplinkEvent(record: UplinkRecord): NewEvent {
  const type = "payload" in record.outcome ? "uplink" : "undecryptable";
  return { type, devEui: record.devEui, data: uplinkView(record) };
}

/**
 * An uplink as JSON for applications: `payload` in hex, or `undecryptable` with the reason; `rootKeyMessage` on
 * those that are not for them.
 */
export function uplinkView(record: UplinkRecord): Record<string, unknown> {
  const { isConfirmed, outcome, reception, isRootKeyMessage, ...rest } = record;
  return {
    ...rest,
    confirmed: isConfirmed,
    ...("payload" in outcome ? { payload: formatHex(outcome.payload) } : outcome),
    ...(isRootKeyMessage && { rootKeyMessage: true }),
    ...reception,
  };
}
