import type { Clock } from "../../clock.ts";
import { equalKeys } from "../../crypto/aes128.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { type ErrorCode, WarrenError } from "../../errors.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import type { Logger } from "../../logger.ts";
import { cipherFrmPayload } from "../../lorawan/data/payload-cipher.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { countsAFCntDown, type Session, takeFCntDown } from "../session.ts";
import type { ApplicationServerStore } from "../store.ts";
import { checkDownlinkRequest, type Downlink, type DownlinkRequest } from "./downlink.ts";
import type { DownlinkLog } from "./downlink-log.ts";
import type { NetworkServerPort } from "./network-server-port.ts";

export interface DownlinkSenderOptions {
  readonly store: ApplicationServerStore;
  readonly networkServer: NetworkServerPort;
  readonly log: DownlinkLog;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
}

const DOWNLINK_ID_LENGTH_BYTES = 16;

/** Encrypts downlinks and hands them to the Network Server. */
export class DownlinkSender {
  readonly #options: DownlinkSenderOptions;
  /** One at a time per device: the Network Server refuses a counter below one it has. */
  readonly #queue = new KeyedQueue();

  constructor(options: DownlinkSenderOptions) {
    this.#options = options;
  }

  /**
   * Encrypts a downlink in the device's current session and hands it to the Network Server. When that
   * refuses the session or the counter, once more with what is current then.
   *
   * @returns the downlink, `queued`, or further on if the Network Server was quick
   * @throws WarrenError `value-out-of-range`, `frame-too-long`; `session-unknown` without a session; and
   *   what the Network Server refuses: then the downlink is kept as `failed`
   */
  send(devEui: Eui64, request: DownlinkRequest): Promise<Downlink> {
    checkDownlinkRequest(request);
    return this.#queue.run(devEui, async () => {
      const { log } = this.#options;
      const downlink = this.#newDownlink(this.#currentSession(devEui), request);
      log.keep(downlink);
      try {
        await this.#encryptAndHandOver(downlink);
      } catch (error) {
        log.fail(downlink.downlinkId, error instanceof WarrenError ? error.code : "defect");
        throw error;
      }
      return log.markAnswered(downlink.downlinkId) ?? downlink;
    });
  }

  /** @throws WarrenError `session-unknown` that says how the device gets a session */
  #currentSession(devEui: Eui64): Session {
    const session = this.#options.store.currentSession(devEui);
    if (session !== undefined) return session;
    throw new WarrenError(
      "session-unknown",
      `no session of device ${devEui} is known here yet: wait for its first uplink after the join, ` +
        "or, for an ABP device, give its AppSKey with PUT /api/v1/devices/{devEui}",
    );
  }

  #newDownlink(session: Session, request: DownlinkRequest): Downlink {
    const { clock, randomBytes } = this.#options;
    const now = clock.now();
    return {
      ...request,
      downlinkId: formatHex(randomBytes(DOWNLINK_ID_LENGTH_BYTES)),
      devEui: session.devEui,
      sessionKeyId: session.sessionKeyId,
      state: "queued",
      isAnswered: false,
      createdAtMs: now,
      updatedAtMs: now,
    };
  }

  async #encryptAndHandOver(downlink: Downlink): Promise<void> {
    const { devEui, downlinkId } = downlink;
    const session = this.#currentSession(devEui);
    try {
      await this.#attempt(downlink, session);
    } catch (error) {
      const refused = refusalCode(error);
      if (refused === undefined) throw error;
      const current = this.#currentSession(devEui);
      if (refused === "session-unknown" && isSameContext(current, session)) {
        throw new WarrenError(
          "session-unknown",
          "the Network Server has a newer session of the device, or none; this server learns of a " +
            "new one with the device's next uplink: send the downlink again after that",
          { cause: error },
        );
      }
      const { logger } = this.#options;
      logger.info({ event: "downlink-encrypted-again", devEui, downlinkId, reason: refused });
      await this.#attempt(downlink, current);
    }
  }

  async #attempt(downlink: Downlink, session: Session): Promise<void> {
    const { networkServer } = this.#options;
    const { devEui, downlinkId, fPort, isConfirmed, payload } = downlink;
    const { sessionKeyId } = session;
    const reserved = countsAFCntDown(session)
      ? undefined
      : await networkServer.reserveFCntDown(devEui, sessionKeyId);
    const fCntDown = this.#storeFCntDown(downlinkId, session, reserved);
    const frmPayload = cipherFrmPayload({
      key: session.appSKey,
      direction: "down",
      devAddr: session.devAddr,
      fCnt32: fCntDown,
      payload,
    });
    await networkServer.sendDownlink({
      devEui,
      sessionKeyId,
      downlinkId,
      fPort,
      fCntDown,
      isConfirmed,
      frmPayload,
    });
  }

  /** Counts before anything is encrypted: a counter that was perhaps used is never used again. */
  #storeFCntDown(downlinkId: string, session: Session, reserved: number | undefined): number {
    const { store, clock } = this.#options;
    return store.transaction(() => {
      const current = this.#currentSession(session.devEui);
      if (!isSameContext(current, session)) {
        throw new WarrenError("session-unknown", "the device got a newer session meanwhile");
      }
      const { fCntDown, session: counted } = takeFCntDown(current, reserved);
      store.saveFCntDown(counted);
      const downlink = store.downlink(downlinkId);
      if (downlink !== undefined) {
        const { sessionKeyId } = current;
        store.saveDownlink({ ...downlink, sessionKeyId, fCntDown, updatedAtMs: clock.now() });
      }
      return fCntDown;
    });
  }
}

/** The refusals after which a second attempt may succeed. */
function refusalCode(error: unknown): ErrorCode | undefined {
  if (!(error instanceof WarrenError)) return undefined;
  const { code } = error;
  return code === "session-unknown" || code === "downlink-refused" ? code : undefined;
}

/** Whether both are the same session under the same key, which personalising anew may change. */
function isSameContext(a: Session, b: Session): boolean {
  return a.sessionKeyId === b.sessionKeyId && equalKeys(a.appSKey, b.appSKey);
}
