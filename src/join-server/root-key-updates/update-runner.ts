import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { isWaitingForDevice } from "../../root-key/server-state.ts";
import { failUpdate, repeatRequest } from "../../root-key/server-update.ts";
import type { Device } from "../device.ts";
import { loadKnownDevice } from "../load-known-device.ts";
import type { PolicyBook } from "../policies/policy-book.ts";
import { policyOfDevice } from "../policies/policy-levels.ts";
import type { AuditEvent } from "../ports/audit-log.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import type { EventKind, EventSink } from "../ports/events.ts";
import { type Decided, type Decision, decideAndSave } from "../save-with-retry.ts";
import { RequestDelivery, type RequestDeliveryOptions } from "./request-delivery.ts";
import { type Requester, requesterKindOf } from "./requester.ts";
import { startNewUpdate } from "./start-update.ts";
import { expireWithTimeline } from "./timeline/expire-update.ts";
import { failureEvents } from "./timeline/failure-events.ts";
import {
  beginAttempt,
  followUpdate,
  type NewStep,
  type TimelineContext,
} from "./timeline/follow-update.ts";
import type { UpdateAttempt, UpdateCarrier } from "./update-attempt.ts";
import { checkMinimumPeriod, isUnderWay, type UpdatePolicy } from "./update-policy.ts";
import type { StartedUpdate, UpdateOrder, UpdateStarter } from "./update-starter.ts";

export interface UpdateRunnerOptions extends RequestDeliveryOptions {
  readonly store: RequestDeliveryOptions["store"] & Pick<DeviceStore, "loadDevice" | "saveDevice">;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly updatePolicy: UpdatePolicy;
  readonly policies: Pick<PolicyBook, "levels">;
}

/**
 * Updates that the Join Server starts of its own accord. Each is stored first and handed over then; when the
 * carrier cannot be reached it stays prepared, and is handed over again by `deliver`, by the same order once
 * more, or when a server asks.
 */
export class UpdateRunner implements UpdateStarter {
  readonly #options: UpdateRunnerOptions;
  readonly #delivery: RequestDelivery;

  constructor(options: UpdateRunnerOptions) {
    this.#options = options;
    this.#delivery = new RequestDelivery(options);
  }

  async start(devEui: Eui64, order: UpdateOrder): Promise<StartedUpdate> {
    const known = await loadKnownDevice(this.#options.store, devEui, "may-be-stale");
    // Asked before, since a decision cannot wait for a peer's record; it decides nothing that is secret.
    const carrier = await this.#delivery.carrierFor(known);
    const timeline = await this.#timeline();
    const { device, isNew, endedAttempts } = await this.#save(devEui, (stored) =>
      this.#decideStart(stored, order, carrier, timeline),
    );
    this.#publishFailures(device, endedAttempts);
    if (isNew) this.#publish("update-started", device, reasonOf(order.requestedBy));
    const isDelivered = isWaiting(device) ? await this.#handOver(device) : true;
    return { device, updateId: device.rootKeys.lastUpdateId, isNew, isDelivered };
  }

  async deliver(devEui: Eui64): Promise<boolean> {
    const device = await this.#options.store.loadDevice(devEui);
    return device !== undefined && isWaiting(device) && this.#handOver(device);
  }

  async abort(
    devEui: Eui64,
    actor: Requester,
    audit?: (updateId: number) => AuditEvent,
  ): Promise<Device> {
    const timeline = await this.#timeline();
    const { device, endedAttempts } = await this.#save(devEui, (stored) => ({
      ...followUpdate(
        stored,
        { ...stored, rootKeys: failUpdate(stored.rootKeys, "aborted") },
        timeline,
        { kind: "aborted", detail: actor },
      ),
      audit: audit?.(stored.rootKeys.lastUpdateId),
    }));
    this.#publishFailures(device, endedAttempts);
    return device;
  }

  #decideStart(
    stored: Device,
    order: UpdateOrder,
    carrier: UpdateCarrier,
    timeline: TimelineContext,
  ): Decision & { readonly isNew: boolean } {
    const { updatePolicy: policy, randomBytes } = this.#options;
    const { now, levels } = timeline;
    if (stored.isDisabled) {
      throw new WarrenError("device-disabled", "the device is switched off");
    }
    const { device: current, endedAttempts } = expireWithTimeline(stored, policy, timeline);
    if (isUnderWay(current)) {
      if (isJoinable(current, order)) return { device: stored, isNew: false };
      throw new WarrenError(
        "update-not-allowed",
        "an update with another suite or of the other kind is under way; abort it first",
      );
    }
    const own = policyOfDevice(levels, current);
    if (order.respectsMinimumPeriod) checkMinimumPeriod(current, policy, now, own);
    const kind = {
      suite: order.suite ?? current.suite,
      isHealing: order.isHealing ?? own.isHealing,
    };
    const prepared = startNewUpdate(current, kind, { policy, randomBytes, now });
    return {
      device: beginAttempt(prepared.device, { requestedBy: order.requestedBy, carrier }, now),
      endedAttempts,
      audit: order.audit?.(prepared.device.rootKeys.lastUpdateId),
      isNew: true,
    };
  }

  /** @returns whether the carrier has taken it; the timeline knows either way */
  async #handOver(device: Device): Promise<boolean> {
    const { logger } = this.#options;
    const { devEui, attempt } = device;
    try {
      const carrier = attempt?.carrier ?? (await this.#delivery.carrierFor(device));
      await this.#delivery.handOver(device, carrier, repeatRequest(device.rootKeys));
      await this.#note(device, { kind: "request-handed-over" });
      return true;
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      const { code: reason, message } = error;
      logger.warn({ event: "update-not-delivered", devEui, reason }, message);
      await this.#note(device, { kind: "request-not-delivered", detail: reason });
      return false;
    }
  }

  /**
   * A step of the attempt that has no other save to go with. When the attempt is over meanwhile, or it was
   * said just before, there is nothing to note.
   */
  async #note(device: Device, step: NewStep): Promise<void> {
    const { updateId } = device.rootKeys.update ?? {};
    const timeline = await this.#timeline();
    await this.#save(device.devEui, (stored) => {
      const last = stored.attempt?.steps.at(-1);
      const isSaid = last?.kind === step.kind && last.detail === step.detail;
      if (isSaid || stored.rootKeys.update?.updateId !== updateId) return { device: stored };
      return followUpdate(stored, stored, timeline, step);
    });
  }

  #save<D extends Decision>(devEui: Eui64, decide: (device: Device) => D): Promise<Decided<D>> {
    return decideAndSave(this.#options.store, devEui, decide);
  }

  #publishFailures(device: Device, ended: readonly UpdateAttempt[] | undefined): void {
    const { events, clock } = this.#options;
    for (const event of failureEvents(device, ended, { at: clock.now() })) events.publish(event);
  }

  #publish(kind: EventKind, device: Device, reason: string): void {
    const { devEui, joinEui, rootKeys } = device;
    this.#options.events.publish({
      kind,
      at: this.#options.clock.now(),
      devEui,
      joinEui,
      generation: rootKeys.generation,
      updateId: rootKeys.lastUpdateId,
      reason,
    });
  }

  async #timeline(): Promise<TimelineContext> {
    const levels = await this.#options.policies.levels();
    return { now: this.#options.clock.now(), levels };
  }
}

/** An order that leaves the kind open takes the update that is under way, whatever it is. */
function isJoinable(device: Device, { suite, isHealing }: UpdateOrder): boolean {
  const { update } = device.rootKeys;
  return (
    update !== undefined &&
    (suite ?? update.suite) === update.suite &&
    (isHealing ?? update.isHealing) === update.isHealing
  );
}

/** Whether the request is still to be brought to the device. */
function isWaiting({ rootKeys: { update } }: Device): boolean {
  return update !== undefined && isWaitingForDevice(update);
}

/** Events name who asked only as far as it is the same for many devices. */
function reasonOf(requestedBy: Requester): string {
  const kind = requesterKindOf(requestedBy);
  return kind === "policy" ? requestedBy : kind;
}
