import type { Clock } from "../../clock.ts";
import { WarrenError } from "../../errors.ts";
import { KeyedQueue } from "../../keyed-queue.ts";
import type { Logger } from "../../logger.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { isSettledBy, readRootKeyUplink } from "../../root-key/carriage.ts";
import type { RootKeyUplink } from "../../root-key/messages.ts";
import type { DownlinkSender } from "../downlinks/downlink-sender.ts";
import type { ApplicationServerStore } from "../store.ts";
import type { UplinkMessage } from "../uplinks/uplink-message.ts";
import { FrameCount } from "./frame-count.ts";
import { newPendingCommand, type PendingCommand } from "./pending-command.ts";
import { PendingSender } from "./pending-sender.ts";
import type { RootKeyAnswer, RootKeyJoinServer } from "./root-key-join-server.ts";
import type { StoredRootKeyCommand } from "./root-key-store.ts";

export interface RootKeyRelayOptions {
  readonly store: ApplicationServerStore;
  readonly joinServer: RootKeyJoinServer;
  readonly sender: DownlinkSender;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The application port of root key updates, 1..223. */
  readonly fPort: number;
  /** Whom to ask when an uplink does not name a JoinEUI. */
  readonly joinServerId: Eui64 | undefined;
  /** Uplinks after which an update is asked for; 0: never. */
  readonly updateAfterFrames: number;
}

/** An uplink that was decrypted. */
export interface RelayedUplink {
  readonly message: UplinkMessage;
  readonly payload: Uint8Array;
  readonly isNewSession: boolean;
}

/** Until the Join Server is asked again after it was away. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/**
 * Carries root key updates on an application port, for Network Servers that know nothing of them: what comes up
 * goes to the Join Server, what that answers goes down. It only carries: the MICs are under keys that this
 * server never has.
 */
export class RootKeyRelay {
  readonly #options: RootKeyRelayOptions;
  readonly #pending: PendingSender;
  readonly #frames: FrameCount;
  /** One at a time per device: what the Join Server answers to the later command is the newer one. */
  readonly #queue = new KeyedQueue();
  #retryMs = FIRST_RETRY_MS;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: RootKeyRelayOptions) {
    this.#options = options;
    this.#pending = new PendingSender(options);
    this.#frames = new FrameCount(options);
  }

  /** Goes on with what an earlier process has left. */
  start(): void {
    for (const devEui of this.#options.store.rootKeys.devicesWithCommands()) this.proceed(devEui);
  }

  /** Ends after what is under way; the rest waits for the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#queue.drain();
  }

  /** Whether an uplink is a message of a root key update, and none of an application's. */
  isRootKeyMessage(fPort: number, payload: Uint8Array): boolean {
    return this.#decode(fPort, payload) !== undefined;
  }

  /** Keeps what is to be done about an uplink; in the transaction that stores it. */
  note({ message, payload, isNewSession }: RelayedUplink): void {
    const { store, logger, joinServerId } = this.#options;
    const { devEui, joinEui = joinServerId } = message;
    const uplink = this.#decode(message.fPort, payload);
    if (joinEui !== undefined) this.#frames.count(devEui, joinEui, isNewSession);
    const pending = store.rootKeys.pending(devEui);
    const isSettled =
      pending?.isAnswer === true
        ? isNewSession
        : pending !== undefined && uplink !== undefined && isSettledBy(pending, uplink);
    if (isSettled) store.rootKeys.removePending(devEui);
    if (uplink === undefined) return;
    if (joinEui === undefined) {
      logger.warn({ event: "root-key-command-not-relayed", devEui, reason: "join-server-unknown" });
      return;
    }
    const gatewayId = bestGateway(message);
    store.rootKeys.addCommand({ devEui, joinEui, macCommand: payload, gatewayId });
  }

  /** Does what there is to do for a device, in the background. */
  proceed(devEui: Eui64): void {
    if (this.#isClosed) return;
    void this.#queue
      .run(devEui, () => this.#work(devEui))
      .catch((error: unknown) => {
        const { logger } = this.#options;
        logger.error({ event: "defect", devEui, err: error }, "unexpected error");
      });
  }

  /**
   * Takes a request of the Join Server; it is on disk when this returns, and goes down as soon as may be.
   *
   * @throws WarrenError `frame-…`, `device-unknown`, `activation-disallowed` for a personalised device
   */
  takeRequest(devEui: Eui64, macCommand: Uint8Array): void {
    const { store, logger } = this.#options;
    const command = newPendingCommand(devEui, macCommand);
    if (store.device(devEui) === undefined) {
      throw new WarrenError("device-unknown", `no uplink of ${devEui} has come here yet`);
    }
    if (store.currentSession(devEui)?.source === "operator") {
      throw new WarrenError("activation-disallowed", "a personalised device has no root keys");
    }
    this.#keep(command);
    logger.info({ event: "root-key-command-queued", devEui, cid: macCommand[0] });
    this.proceed(devEui);
  }

  #decode(fPort: number, payload: Uint8Array): RootKeyUplink | undefined {
    // An application may have used the port before.
    return fPort === this.#options.fPort ? readRootKeyUplink(payload) : undefined;
  }

  async #work(devEui: Eui64): Promise<void> {
    const { rootKeys } = this.#options.store;
    for (;;) {
      const command = rootKeys.nextCommand(devEui);
      if (command === undefined || !(await this.#relay(command))) break;
    }
    if (this.#isClosed) return;
    await this.#pending.sendNext(devEui);
    await this.#askIfDue(devEui);
  }

  /** @returns whether the Join Server has answered; otherwise the command waits */
  async #relay(command: StoredRootKeyCommand): Promise<boolean> {
    const { store, joinServer, logger } = this.#options;
    const { devEui, macCommand } = command;
    if (this.#isClosed) return false;
    const answer = await this.#answerOf(devEui, () => joinServer.relayCommand(command));
    if (answer === undefined) return false;
    const resultCode = "refusal" in answer ? answer.refusal : "Success";
    logger.info({ event: "root-key-command-relayed", devEui, cid: macCommand[0], resultCode });
    const down = this.#commandOf(devEui, answer);
    store.transaction(() => {
      store.rootKeys.removeCommand(command.id);
      if (down !== undefined) this.#save(down);
    });
    return true;
  }

  async #askIfDue(devEui: Eui64): Promise<void> {
    const { joinServer, logger } = this.#options;
    const ask = this.#frames.takeAsk(devEui);
    if (ask === undefined) return;
    const answer = await this.#answerOf(devEui, () => joinServer.askForUpdate(ask));
    if (answer === undefined) return;
    const resultCode = "refusal" in answer ? answer.refusal : "Success";
    logger.info({ event: "root-key-update-asked", devEui, reason: "frames", resultCode });
    const down = this.#commandOf(devEui, answer);
    if (down === undefined) return;
    this.#keep(down);
    await this.#pending.sendNext(devEui);
  }

  /** Undefined while the Join Server is away, or has a defect: both pass. */
  async #answerOf(
    devEui: Eui64,
    ask: () => Promise<RootKeyAnswer>,
  ): Promise<RootKeyAnswer | undefined> {
    let reason = "Other";
    try {
      const answer = await ask();
      if (!("refusal" in answer) || answer.refusal !== "Other") {
        this.#retryMs = FIRST_RETRY_MS;
        return answer;
      }
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      reason = error.code;
    }
    this.#options.logger.warn({ event: "root-key-command-delayed", devEui, reason });
    this.#retryLater();
    return undefined;
  }

  #retryLater(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.start();
    }, this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  #commandOf(devEui: Eui64, answer: RootKeyAnswer): PendingCommand | undefined {
    if ("refusal" in answer || answer.macCommand === undefined) return undefined;
    try {
      return newPendingCommand(devEui, answer.macCommand);
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      const { code, message } = error;
      this.#options.logger.warn({ event: "root-key-answer-malformed", devEui, code }, message);
      return undefined;
    }
  }

  #keep(command: PendingCommand): void {
    this.#options.store.transaction(() => this.#save(command));
  }

  #save(command: PendingCommand): void {
    this.#pending.keep(command);
    if (command.isAnswer) this.#frames.markConfirmed(command.devEui);
  }
}

/** By signal-to-noise ratio, as a Network Server chooses the gateway of an answer. */
function bestGateway({ reception }: UplinkMessage): Eui64 | undefined {
  const [best] = reception.gateways.toSorted(
    (a, b) => (b.snr ?? Number.NEGATIVE_INFINITY) - (a.snr ?? Number.NEGATIVE_INFINITY),
  );
  return best?.gatewayEui;
}
