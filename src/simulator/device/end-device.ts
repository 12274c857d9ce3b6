import { WarrenError } from "../../errors.ts";
import { MType } from "../../lorawan/mhdr.ts";
import type { DownlinkReceiver, ReceiveWindow } from "../air/radio-frame.ts";
import type { Cancel } from "../time/timeline.ts";
import { type Activity, nextActivity } from "./agenda.ts";
import { isSessionDead } from "./data/liveness.ts";
import { DeviceMemory } from "./device-memory.ts";
import type { DevicePorts } from "./device-ports.ts";
import type { DeviceProfile } from "./device-profile.ts";
import { DeviceRecorder } from "./device-recorder.ts";
import type { DeviceState, QueuedUplink } from "./device-state.ts";
import type { RejoinType } from "./join/requests.ts";
import * as plan from "./plan-changes.ts";
import { Transceiver } from "./transceiver.ts";

/**
 * One end-device of class A. It decides by itself what to send and when; everything it learns or spends
 * is stored before anything that depends on it happens.
 */
export class EndDevice implements DownlinkReceiver {
  readonly place: number;
  readonly recorder: DeviceRecorder;
  readonly #memory: DeviceMemory;
  readonly #ports: DevicePorts;
  readonly #transceiver: Transceiver;
  #wake: Cancel = () => undefined;
  #isStopped = false;

  constructor(profile: DeviceProfile, state: DeviceState, ports: DevicePorts) {
    this.#ports = ports;
    this.place = Number.parseInt(profile.devEui.slice(-8), 16);
    this.recorder = new DeviceRecorder(profile.devEui, ports.steps);
    const memory = new DeviceMemory(profile, state, ports.store);
    this.#memory = memory;
    this.#transceiver = new Transceiver({ memory, ports, recorder: this.recorder, receiver: this });
  }

  get profile(): DeviceProfile {
    return this.#memory.profile;
  }

  get state(): DeviceState {
    return this.#memory.state;
  }

  /** Switches the device on: it joins, or goes on in the session it has. */
  start(): void {
    const { state, agenda, profile } = this.#memory;
    const { chance, timeline } = this.#ports;
    const { session, generation } = state;
    this.recorder.step("started", { hasSession: session !== null, generation });
    if (session === null) {
      plan.nextJoin(agenda, this.profile, this.#ports);
    } else {
      agenda.uplinkAt = timeline.now() + chance() * profile.uplinkIntervalMs;
      plan.planPeriodicRejoin(agenda, session, this.#ports);
      plan.speakSoonForUpdate(agenda, state, this.#ports);
    }
    this.#plan();
  }

  /** Switches the device off for good. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
    this.#ports.air.forget(this);
  }

  /** Takes a stored profile; takes effect after the uplink that is due next. */
  configure(profile: DeviceProfile): void {
    this.#memory.profile = profile;
  }

  /** Keeps application data until it is sent, at the next chance. */
  queueUplink(uplink: QueuedUplink): void {
    const { state, agenda } = this.#memory;
    this.#memory.save({ ...state, outbox: [...state.outbox, uplink] });
    agenda.soonAt = this.#ports.timeline.now();
    this.#plan();
  }

  /**
   * Leaves the session, if there is one, and joins with a request that is still to be sent: an answer to
   * an earlier one, which may be on its way, would bring a session older than the order.
   *
   * @throws WarrenError `root-key-missing` for ABP
   */
  join(): void {
    if (this.#memory.state.update === null) {
      throw new WarrenError("root-key-missing", "a personalized device cannot join");
    }
    this.#memory.agenda.joinAttempts = 0;
    this.#transceiver.forsakeAnswer();
    this.#leaveSession("join-wanted");
    this.#plan();
  }

  /** @throws WarrenError `session-unknown` unless the device is in a 1.1 session made by a join */
  rejoin(rejoinType: RejoinType): void {
    const { session } = this.#memory.state;
    if (session === null || session.activation === "abp" || !session.isLorawan11) {
      throw new WarrenError("session-unknown", "only a device in a 1.1 session can rejoin");
    }
    this.#memory.agenda.wantedRejoin = rejoinType;
    this.#plan();
  }

  receive(phyPayload: Uint8Array, window: ReceiveWindow): boolean {
    if (this.#isStopped) return false;
    const isJoinAccept = (phyPayload[0] ?? 0) >> 5 === MType.JoinAccept;
    return isJoinAccept
      ? this.#transceiver.receiveJoinAccept(phyPayload)
      : this.#transceiver.receiveData(phyPayload, window);
  }

  windowsClosed(): void {
    if (this.#isStopped) return;
    this.#transceiver.windowsClosed();
    const { state, agenda } = this.#memory;
    if (state.session === null) plan.nextJoin(agenda, this.profile, this.#ports);
    else if (agenda.repetition === undefined && isSessionDead(state.session)) {
      this.#leaveSession("session-dead");
    }
    this.#plan();
  }

  #plan(): void {
    this.#wake();
    if (this.#transceiver.isListening || this.#isStopped) return;
    const activity = nextActivity(this.#memory.state, this.#memory.agenda);
    if (activity === undefined) return;
    const at = Math.max(activity.at, this.#ports.timeline.now());
    this.#wake = this.#ports.timeline.at(at, () => this.#act(activity));
  }

  /**
   * A counter that is used up never wraps: it ends a session that a join can follow (LoRaWAN 1.1
   * §6.2.4.1), and silences any other device, not the simulator.
   */
  #act(activity: Activity): void {
    const { state } = this.#memory;
    const { session } = state;
    try {
      if (activity.kind === "join") this.#transceiver.sendJoin();
      else if (session !== null) this.#transceiver.sendInSession({ ...state, session }, activity);
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      this.recorder.step("transmission-impossible", { kind: activity.kind, reason: error.code });
      if (session?.activation === "otaa") this.join();
      else this.stop();
    }
  }

  #leaveSession(reason: string): void {
    const { state, agenda } = this.#memory;
    if (state.session !== null) this.recorder.step(reason);
    this.#memory.save({ ...state, session: null });
    plan.nextJoin(agenda, this.profile, this.#ports);
  }
}
