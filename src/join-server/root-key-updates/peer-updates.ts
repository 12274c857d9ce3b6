import type { MessageHeader } from "../../backend/header.ts";
import type {
  RootKeyCommand,
  RootKeyCommandAns,
  RootKeyUpdateAns,
  RootKeyUpdateAsk,
} from "../../backend/root-key-messages.ts";
import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Device } from "../device.ts";
import { checkReceiver, readReceiverId } from "../joins/check-receiver.ts";
import { updateEvent } from "../joins/join-events.ts";
import type { UpdatePeer } from "../peers.ts";
import type { PolicyBook } from "../policies/policy-book.ts";
import { policyOfDevice } from "../policies/policy-levels.ts";
import type { EffectiveUpdatePolicy } from "../policies/update-policy-settings.ts";
import type { EventSink } from "../ports/events.ts";
import type { JoinServerStore } from "../ports/join-server-store.ts";
import { decideAndSave } from "../save-with-retry.ts";
import {
  carrierOf,
  checkCarrier,
  checkCarrierOfCommand,
  checkFPort,
  checkMayCarry,
  idOf,
  requesterOf,
} from "./carrying-peer.ts";
import { startForPeer } from "./start-for-peer.ts";
import type { UpdateContext } from "./start-update.ts";
import { failureEvents } from "./timeline/failure-events.ts";
import type { AttemptOrigin, TimelineContext } from "./timeline/follow-update.ts";
import { receiveForTimeline } from "./timeline/receive-for-timeline.ts";
import type { UpdateAttempt } from "./update-attempt.ts";
import type { UpdatePolicy } from "./update-policy.ts";

export interface PeerUpdatesOptions {
  readonly store: JoinServerStore;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  readonly events: EventSink;
  readonly updatePolicy: UpdatePolicy;
  readonly policies: Pick<PolicyBook, "levels">;
}

/** Root key updates as the servers that carry them speak of them; stored first, answered then. */
export class PeerUpdates {
  readonly #options: PeerUpdatesOptions;

  constructor(options: PeerUpdatesOptions) {
    this.#options = options;
  }

  /**
   * A server asks for an update.
   *
   * @throws WarrenError `update-not-allowed`, `activation-disallowed` and as `prepareUpdateForPeer`
   */
  async ask(
    peer: UpdatePeer,
    header: MessageHeader,
    ask: RootKeyUpdateAsk,
  ): Promise<RootKeyUpdateAns> {
    const { store, events } = this.#options;
    const check = await this.#checkOf(peer, header);
    const context = await this.#context(peer);
    const started = await decideAndSave(store, ask.devEui, (stored) => {
      check(stored);
      checkCarrier(stored, peer);
      checkFrames(ask, policyOfDevice(context.levels, stored));
      return startForPeer(stored, context);
    });
    const { device, macCommand } = started;
    this.#publishFailures(device, started.endedAttempts, peer);
    if (started.isNew) {
      events.publish({
        ...updateEvent("update-started", device, idOf(peer), this.#now()),
        reason: ask.reason,
      });
    }
    return { updateId: device.rootKeys.lastUpdateId, macCommand };
  }

  /**
   * A command came up from a device.
   *
   * @throws WarrenError `frame-…`, `device-unknown`, `activation-disallowed`, `f-port-contradiction`,
   *   `update-not-allowed` where the updates of the device go by another carrier
   */
  async receive(
    peer: UpdatePeer,
    header: MessageHeader,
    command: RootKeyCommand,
  ): Promise<RootKeyCommandAns> {
    const { store, events, logger } = this.#options;
    checkFPort(peer, command.fPort);
    const check = await this.#checkOf(peer, header);
    const context = await this.#context(peer);
    const decided = await decideAndSave(store, command.devEui, (stored) => {
      check(stored);
      checkCarrierOfCommand(stored, peer);
      const received = receiveForTimeline(stored, command.macCommand, context);
      // With a save that happens anyway: the gateway alone is not worth one.
      return received.device === stored
        ? received
        : { ...received, device: withGateway(received.device, command.gatewayId) };
    });
    const { device, answer, ignored, reached } = decided;
    if (ignored !== undefined) {
      const { devEui } = device;
      const { updateId } = device.rootKeys.update ?? {};
      logger.info({ event: "update-command-ignored", devEui, updateId, reason: ignored });
    }
    if (reached !== undefined) {
      events.publish(updateEvent(`update-${reached}`, device, idOf(peer), this.#now()));
    }
    this.#publishFailures(device, decided.endedAttempts, peer);
    return answer === undefined ? {} : { macCommand: answer };
  }

  #publishFailures(device: Device, ended: readonly UpdateAttempt[], peer: UpdatePeer): void {
    const from = { at: this.#now(), senderId: idOf(peer) };
    for (const event of failureEvents(device, ended, from)) this.#options.events.publish(event);
  }

  /** What must hold for a server to have a part in updates of a device. */
  async #checkOf(peer: UpdatePeer, header: MessageHeader): Promise<(device: Device) => void> {
    const receiverId = readReceiverId(header);
    const ranges = await this.#options.store.listJoinEuiRanges();
    return (device) => {
      checkReceiver(device, receiverId, ranges);
      checkMayCarry(device, peer);
    };
  }

  /** With who asked, and the way of what goes to the device. */
  async #context(peer: UpdatePeer): Promise<UpdateContext & TimelineContext & AttemptOrigin> {
    const { updatePolicy, randomBytes, policies } = this.#options;
    return {
      policy: updatePolicy,
      randomBytes,
      now: this.#now(),
      levels: await policies.levels(),
      requestedBy: requesterOf(peer),
      carrier: carrierOf(peer),
    };
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** The device as its server last heard of it; the same object when that is no news. */
export function withGateway(device: Device, gatewayId: Eui64 | undefined): Device {
  return gatewayId === undefined || gatewayId === device.lastGatewayId
    ? device
    : { ...device, lastGatewayId: gatewayId };
}

/** A server that says how many frames it has counted is held to the device's policy. */
function checkFrames(
  { reason, frames }: RootKeyUpdateAsk,
  { maxFrames }: EffectiveUpdatePolicy,
): void {
  if (reason !== "frames" || frames === undefined || maxFrames === null) return;
  if (frames < maxFrames) {
    throw new WarrenError(
      "update-not-allowed",
      `the device's policy wants an update after ${maxFrames} frames, not ${frames}`,
    );
  }
}
