import { WarrenError } from "../../errors.ts";
import { MType } from "../../lorawan/mhdr.ts";
import type { DownlinkReceiver, ReceiveWindow } from "../air/radio-frame.ts";
import type { Cancel } from "../time/timeline.ts";
import {
  type Activity,
  type Agenda,
  emptyAgenda,
  nextActivity,
  type Repetition,
} from "./agenda.ts";
import { isSessionDead } from "./data/liveness.ts";
import { openDownlink } from "./data/open-downlink.ts";
import { prepareUplink } from "./data/prepare-uplink.ts";
import { type DownlinkOutcome, receiveDownlink } from "./data/receive-downlink.ts";
import type { DevicePorts } from "./device-ports.ts";
import type { DeviceProfile } from "./device-profile.ts";
import { DeviceRecorder } from "./device-recorder.ts";
import type { DeviceState, QueuedUplink } from "./device-state.ts";
import type { JoinExchange } from "./join/join-exchange.ts";
import { receiveJoinAccept } from "./join/receive-join-accept.ts";
import { type PreparedJoin, prepareJoin, prepareRejoin, type RejoinType } from "./join/requests.ts";
import * as plan from "./plan-changes.ts";
import { isRefusal } from "./refusal.ts";
import { type Sender, sendDataFrame, sendJoinRequest, sendRejoinRequest } from "./send.ts";
import type { Session } from "./session.ts";

/** A device that is in a session. */
type InSession = DeviceState & { readonly session: Session };

/** What was sent last, as long as its windows are open. */
type Exchange =
  | { readonly kind: "join"; readonly join: JoinExchange }
  | { readonly kind: "data"; readonly repetition: Repetition; isAnswered: boolean };

/**
 * One end-device of class A. It decides by itself what to send and when; everything it learns or spends
 * is stored before anything that depends on it happens.
 */
export class EndDevice implements DownlinkReceiver {
  readonly place: number;
  readonly recorder: DeviceRecorder;
  #profile: DeviceProfile;
  #state: DeviceState;
  readonly #ports: DevicePorts;
  readonly #agenda: Agenda = emptyAgenda();
  #exchange: Exchange | undefined;
  #wake: Cancel = () => undefined;
  #isStopped = false;

  constructor(profile: DeviceProfile, state: DeviceState, ports: DevicePorts) {
    this.#profile = profile;
    this.#state = state;
    this.#ports = ports;
    this.place = Number.parseInt(profile.devEui.slice(-8), 16);
    this.recorder = new DeviceRecorder(profile.devEui, ports.steps);
  }

  get profile(): DeviceProfile {
    return this.#profile;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Switches the device on: it joins, or goes on in the session it has. */
  start(): void {
    const { chance, timeline } = this.#ports;
    const { session, generation } = this.#state;
    this.recorder.step("started", { hasSession: session !== null, generation });
    if (session === null) {
      plan.nextJoin(this.#agenda, this.#ports);
    } else {
      this.#agenda.uplinkAt = timeline.now() + chance() * this.#profile.uplinkIntervalMs;
      plan.planPeriodicRejoin(this.#agenda, session, this.#ports);
      plan.speakSoonForUpdate(this.#agenda, this.#state, this.#ports);
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
    this.#profile = profile;
  }

  /** Keeps application data until it is sent, at the next chance. */
  queueUplink(uplink: QueuedUplink): void {
    this.#store({ ...this.#state, outbox: [...this.#state.outbox, uplink] });
    this.#agenda.soonAt = this.#ports.timeline.now();
    this.#plan();
  }

  /** Leaves the session, if there is one, and joins. @throws WarrenError `root-key-missing` for ABP */
  join(): void {
    if (this.#state.update === null) {
      throw new WarrenError("root-key-missing", "a personalized device cannot join");
    }
    this.#agenda.joinAttempts = 0;
    this.#leaveSession("join-wanted");
    this.#plan();
  }

  /** @throws WarrenError `session-unknown` unless the device is in a 1.1 session made by a join */
  rejoin(rejoinType: RejoinType): void {
    const { session } = this.#state;
    if (session === null || session.activation === "abp" || !session.isLorawan11) {
      throw new WarrenError("session-unknown", "only a device in a 1.1 session can rejoin");
    }
    this.#agenda.wantedRejoin = rejoinType;
    this.#plan();
  }

  receive(phyPayload: Uint8Array, window: ReceiveWindow): boolean {
    if (this.#isStopped) return false;
    const isJoinAccept = (phyPayload[0] ?? 0) >> 5 === MType.JoinAccept;
    return isJoinAccept
      ? this.#receiveJoinAccept(phyPayload)
      : this.#receiveData(phyPayload, window);
  }

  windowsClosed(): void {
    if (this.#isStopped) return;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    const { session } = this.#state;
    if (session === null) plan.nextJoin(this.#agenda, this.#ports);
    else if (exchange?.kind === "data") this.#endOfData(exchange);
    if (session !== null && this.#agenda.repetition === undefined && isSessionDead(session)) {
      this.#leaveSession("session-dead");
    }
    this.#plan();
  }

  #plan(): void {
    this.#wake();
    if (this.#exchange !== undefined || this.#isStopped) return;
    const activity = nextActivity(this.#state, this.#agenda);
    if (activity === undefined) return;
    const at = Math.max(activity.at, this.#ports.timeline.now());
    this.#wake = this.#ports.timeline.at(at, () => this.#act(activity));
  }

  /**
   * A counter that is used up never wraps: it ends a session that a join can follow (LoRaWAN 1.1
   * §6.2.4.1), and silences any other device, not the simulator.
   */
  #act(activity: Activity): void {
    const { session } = this.#state;
    try {
      if (activity.kind === "join") this.#sendJoin();
      else if (session !== null) this.#actInSession({ ...this.#state, session }, activity);
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      this.recorder.step("transmission-impossible", { kind: activity.kind, reason: error.code });
      if (session?.activation === "otaa") this.join();
      else this.stop();
    }
  }

  #actInSession(state: InSession, activity: Exclude<Activity, { kind: "join" }>): void {
    if (activity.kind === "repeat") this.#transmit(state.session, activity.repetition);
    else if (activity.kind === "uplink") this.#sendUplink(state);
    else this.#sendRejoin(state, activity);
  }

  #sendJoin(): void {
    const prepared = prepareJoin(this.#state, this.#profile, this.#ports.randomBytes);
    const attempts = this.#agenda.joinAttempts;
    this.#agenda.joinAttempts += 1;
    this.#beginJoinExchange(prepared);
    sendJoinRequest(this.#sender, prepared.phyPayload, attempts);
  }

  #sendRejoin(state: InSession, activity: Extract<Activity, { kind: "rejoin" }>): void {
    const prepared = prepareRejoin(state, this.#profile, activity.rejoinType);
    plan.rejoinSent(this.#agenda, state.session, this.#ports);
    this.#beginJoinExchange(prepared);
    const { session } = state;
    sendRejoinRequest(this.#sender, prepared.phyPayload, { session, activity });
  }

  #beginJoinExchange({ state, exchange }: PreparedJoin): void {
    this.#store(state);
    this.#exchange = { kind: "join", join: exchange };
    this.recorder.joinRequest(exchange);
  }

  #sendUplink(before: InSession): void {
    const { region, timeline } = this.#ports;
    const { state, repetition, ...prepared } = prepareUplink(before, {
      profile: this.#profile,
      region,
      isRegularDue: this.#agenda.uplinkAt <= timeline.now(),
      asksForTime: this.#agenda.asksForTime,
    });
    this.#store(state);
    if (prepared.dropped !== undefined) {
      this.recorder.step("uplink-too-long", { uplinkId: prepared.dropped.uplinkId });
    }
    this.recorder.uplink(repetition.frame, prepared);
    const sent = { ...prepared, profile: this.#profile, outbox: state.outbox };
    plan.uplinkSent(this.#agenda, this.#ports, sent);
    this.#transmit(state.session, repetition);
  }

  #transmit(session: Session, repetition: Repetition): void {
    const { transmissionsLeft } = repetition;
    this.#agenda.repetition = undefined;
    this.#exchange = {
      kind: "data",
      repetition: { ...repetition, transmissionsLeft: transmissionsLeft - 1 },
      isAnswered: false,
    };
    sendDataFrame(this.#sender, session.radio, repetition);
  }

  #endOfData({ repetition, isAnswered }: Extract<Exchange, { kind: "data" }>): void {
    const { fCntUp, isConfirmed } = repetition.frame;
    if (!isAnswered && repetition.transmissionsLeft > 0) {
      const waitMs = 1_000 + 2_000 * this.#ports.chance();
      this.#agenda.repetition = { ...repetition, at: this.#ports.timeline.now() + waitMs };
    } else if (!isAnswered && isConfirmed) {
      this.recorder.step("uplink-unacknowledged", { fCntUp });
    }
    plan.speakSoonForUpdate(this.#agenda, this.#state, this.#ports);
  }

  #receiveJoinAccept(phyPayload: Uint8Array): boolean {
    const exchange = this.#exchange;
    if (exchange?.kind !== "join") return this.#refuse("join-accept-unexpected");
    const device = { profile: this.#profile, region: this.#ports.region };
    const joined = receiveJoinAccept(this.#state, exchange.join, phyPayload, device);
    if (isRefusal(joined)) return this.#refuse(joined.refused);
    this.#store(joined.state);
    this.recorder.joined(joined.state, joined.hasSwitchedRootKeys);
    plan.joined(this.#agenda, joined.state.session, { profile: this.#profile, ports: this.#ports });
    return true;
  }

  #receiveData(phyPayload: Uint8Array, window: ReceiveWindow): boolean {
    const { session } = this.#state;
    if (session === null) return false;
    const downlink = openDownlink(session, phyPayload);
    if (downlink === undefined) return false;
    if (isRefusal(downlink)) return this.#refuse(downlink.refused);
    const { region, chance, randomBytes: random } = this.#ports;
    const context = { region, profile: this.#profile, snrDb: chance() * 10, random };
    const outcome = receiveDownlink({ ...this.#state, session }, downlink, context);
    this.#store(outcome.state);
    this.recorder.downlink(downlink, { ...outcome, window: window.name, profile: this.#profile });
    this.#answerExchange(downlink.isAck);
    if (downlink.isConfirmed || downlink.fPending) plan.speakSoon(this.#agenda, this.#ports);
    this.#follow(outcome, session);
    return true;
  }

  /** A confirmed uplink is repeated until it is acknowledged, another until any downlink is heard. */
  #answerExchange(isAck: boolean): void {
    const exchange = this.#exchange;
    if (exchange?.kind !== "data") return;
    const { fCntUp, isConfirmed } = exchange.repetition.frame;
    exchange.isAnswered ||= isAck || !isConfirmed;
    if (isAck && isConfirmed) this.recorder.step("uplink-acknowledged", { fCntUp });
  }

  #follow(outcome: DownlinkOutcome, before: Session): void {
    plan.followDownlink(this.#agenda, outcome, { before, ports: this.#ports });
    for (const { kind, ...fields } of outcome.effects) this.recorder.step(kind, fields);
    for (const step of outcome.rootKeySteps) this.recorder.rootKeyStep(step, outcome.state);
  }

  #leaveSession(reason: string): void {
    if (this.#state.session !== null) this.recorder.step(reason);
    this.#store({ ...this.#state, session: null });
    plan.nextJoin(this.#agenda, this.#ports);
  }

  #refuse(reason: string): boolean {
    this.recorder.refused(reason);
    return false;
  }

  /** Durable when it returns: only then may the device act on it. */
  #store(state: DeviceState): void {
    if (state !== this.#state) this.#ports.store.saveState(this.#profile, state);
    this.#state = state;
  }

  get #sender(): Sender {
    return { ports: this.#ports, agenda: this.#agenda, receiver: this };
  }
}
