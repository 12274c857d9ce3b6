import type { DownlinkReceiver, ReceiveWindow } from "../air/radio-frame.ts";
import type { Activity, Repetition } from "./agenda.ts";
import { openDownlink } from "./data/open-downlink.ts";
import { prepareUplink } from "./data/prepare-uplink.ts";
import { type DownlinkOutcome, receiveDownlink } from "./data/receive-downlink.ts";
import type { DeviceMemory } from "./device-memory.ts";
import type { DevicePorts } from "./device-ports.ts";
import type { DeviceRecorder } from "./device-recorder.ts";
import type { DeviceState } from "./device-state.ts";
import type { JoinExchange } from "./join/join-exchange.ts";
import { receiveJoinAccept } from "./join/receive-join-accept.ts";
import { type PreparedJoin, prepareJoin, prepareRejoin } from "./join/requests.ts";
import * as plan from "./plan-changes.ts";
import { type Sender, sendDataFrame, sendJoinRequest, sendRejoinRequest } from "./radio/send.ts";
import { isRefusal } from "./refusal.ts";
import type { Session } from "./session.ts";

/** A device that is in a session. */
type InSession = DeviceState & { readonly session: Session };

/** What was sent last, as long as its windows are open. */
type Exchange =
  | { readonly kind: "join"; readonly join: JoinExchange }
  | { readonly kind: "data"; readonly repetition: Repetition; isAnswered: boolean }
  | { readonly kind: "forsaken" };

export interface TransceiverOptions {
  readonly memory: DeviceMemory;
  readonly ports: DevicePorts;
  readonly recorder: DeviceRecorder;
  /** Whom the air tells of downlinks. */
  readonly receiver: DownlinkReceiver;
}

/** Sends one frame at a time, and takes what is heard in its windows. */
export class Transceiver {
  readonly #memory: DeviceMemory;
  readonly #ports: DevicePorts;
  readonly #recorder: DeviceRecorder;
  readonly #sender: Sender;
  #exchange: Exchange | undefined;

  constructor({ memory, ports, recorder, receiver }: TransceiverOptions) {
    this.#memory = memory;
    this.#ports = ports;
    this.#recorder = recorder;
    this.#sender = { ports, agenda: memory.agenda, receiver };
  }

  /** Whether windows are open: nothing can be sent meanwhile. */
  get isListening(): boolean {
    return this.#exchange !== undefined;
  }

  sendJoin(): void {
    const { state, profile, agenda } = this.#memory;
    const prepared = prepareJoin(state, profile, this.#ports.randomBytes);
    const attempts = agenda.joinAttempts;
    agenda.joinAttempts += 1;
    this.#storeJoinRequest(prepared);
    sendJoinRequest(this.#sender, prepared.phyPayload, attempts);
    this.#exchange = { kind: "join", join: prepared.exchange };
  }

  sendInSession(state: InSession, activity: Exclude<Activity, { kind: "join" }>): void {
    if (activity.kind === "repeat") this.#transmit(state.session, activity.repetition);
    else if (activity.kind === "uplink") this.#sendUplink(state);
    else this.#sendRejoin(state, activity);
  }

  /** @returns whether the Join-accept is for this device */
  receiveJoinAccept(phyPayload: Uint8Array): boolean {
    const exchange = this.#exchange;
    if (exchange?.kind !== "join") return this.#refuse("join-accept-unexpected");
    const { state, profile, agenda } = this.#memory;
    const device = { profile, region: this.#ports.region };
    const joined = receiveJoinAccept(state, exchange.join, phyPayload, device);
    if (isRefusal(joined)) return this.#refuse(joined.refused);
    this.#memory.save(joined.state);
    this.#recorder.joined(joined.state, joined.hasSwitchedRootKeys);
    plan.joined(agenda, joined.state.session, { profile, ports: this.#ports });
    return true;
  }

  /** @returns whether the data downlink is for this device */
  receiveData(phyPayload: Uint8Array, window: ReceiveWindow): boolean {
    const { state, profile, agenda } = this.#memory;
    const { session } = state;
    if (session === null) return false;
    const downlink = openDownlink(session, phyPayload);
    if (downlink === undefined) return false;
    if (isRefusal(downlink)) return this.#refuse(downlink.refused);
    const { region, chance, randomBytes: random } = this.#ports;
    const context = { region, profile, snrDb: chance() * 10, random };
    const outcome = receiveDownlink({ ...state, session }, downlink, context);
    this.#memory.save(outcome.state);
    this.#recorder.downlink(downlink, { ...outcome, window: window.name, profile });
    this.#answerExchange(downlink.isAck);
    if (downlink.isConfirmed || downlink.fPending) plan.speakSoon(agenda, this.#ports);
    this.#follow(outcome, session);
    return true;
  }

  /** Nothing heard in the windows that are open is taken for an answer; they stay open as long as they would. */
  forsakeAnswer(): void {
    if (this.#exchange !== undefined) this.#exchange = { kind: "forsaken" };
  }

  /** All windows are over; a data frame that nobody answered may have to go again. */
  windowsClosed(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange?.kind === "data" && this.#memory.state.session !== null) this.#endOfData(exchange);
  }

  #sendRejoin(state: InSession, activity: Extract<Activity, { kind: "rejoin" }>): void {
    const { profile, agenda } = this.#memory;
    const { session } = state;
    const prepared = prepareRejoin(state, profile, activity.rejoinType);
    plan.rejoinSent(agenda, session, this.#ports);
    this.#storeJoinRequest(prepared);
    sendRejoinRequest(this.#sender, prepared.phyPayload, { session, activity });
    this.#exchange = { kind: "join", join: prepared.exchange };
  }

  #storeJoinRequest({ state, exchange }: PreparedJoin): void {
    this.#memory.save(state);
    this.#recorder.joinRequest(exchange);
  }

  #sendUplink(before: InSession): void {
    const { profile, agenda } = this.#memory;
    const { region, timeline } = this.#ports;
    const { state, repetition, ...prepared } = prepareUplink(before, {
      profile,
      region,
      isRegularDue: agenda.uplinkAt <= timeline.now(),
      asksForTime: agenda.asksForTime,
    });
    this.#memory.save(state);
    if (prepared.dropped !== undefined) {
      this.#recorder.step("uplink-too-long", { uplinkId: prepared.dropped.uplinkId });
    }
    this.#recorder.uplink(repetition.frame, prepared);
    plan.uplinkSent(agenda, this.#ports, { ...prepared, profile, outbox: state.outbox });
    this.#transmit(state.session, repetition);
  }

  #transmit(session: Session, repetition: Repetition): void {
    const { transmissionsLeft } = repetition;
    this.#memory.agenda.repetition = undefined;
    sendDataFrame(this.#sender, session.radio, repetition);
    // Not before: a frame that cannot be sent has no windows that would close.
    this.#exchange = {
      kind: "data",
      repetition: { ...repetition, transmissionsLeft: transmissionsLeft - 1 },
      isAnswered: false,
    };
  }

  /** A confirmed uplink is repeated until it is acknowledged, another until any downlink is heard. */
  #answerExchange(isAck: boolean): void {
    const exchange = this.#exchange;
    if (exchange?.kind !== "data") return;
    const { fCntUp, isConfirmed } = exchange.repetition.frame;
    exchange.isAnswered ||= isAck || !isConfirmed;
    if (isAck && isConfirmed) this.#recorder.step("uplink-acknowledged", { fCntUp });
  }

  #endOfData({ repetition, isAnswered }: Extract<Exchange, { kind: "data" }>): void {
    const { agenda, state } = this.#memory;
    const { fCntUp, isConfirmed } = repetition.frame;
    if (!isAnswered && repetition.transmissionsLeft > 0) {
      const waitMs = 1_000 + 2_000 * this.#ports.chance();
      agenda.repetition = { ...repetition, at: this.#ports.timeline.now() + waitMs };
    } else if (!isAnswered && isConfirmed) {
      this.#recorder.step("uplink-unacknowledged", { fCntUp });
    }
    plan.speakSoonForUpdate(agenda, state, this.#ports);
  }

  #follow(outcome: DownlinkOutcome, before: Session): void {
    plan.followDownlink(this.#memory.agenda, outcome, { before, ports: this.#ports });
    for (const { kind, ...fields } of outcome.effects) this.#recorder.step(kind, fields);
    for (const step of outcome.rootKeySteps) this.#recorder.rootKeyStep(step, outcome.state);
  }

  #refuse(reason: string): boolean {
    this.#recorder.refused(reason);
    return false;
  }
}
