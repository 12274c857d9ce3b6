import type { MessageHeader } from "../backend/header.ts";
import type { JoinAnsMembers, JoinReq } from "../backend/join-messages.ts";
import { sealKeyEnvelope } from "../backend/key-envelope.ts";
import type { AppSKeyAns, AppSKeyReq, HomeNsAns, HomeNsReq } from "../backend/key-messages.ts";
import type { Members } from "../backend/members.ts";
import type {
  RootKeyCommand,
  RootKeyCommandAns,
  RootKeyUpdateAns,
  RootKeyUpdateAsk,
} from "../backend/root-key-messages.ts";
import type { Clock } from "../clock.ts";
import type { RandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Eui64 } from "../lorawan/identifiers.ts";
import { KeyReadRecorder } from "./audit/key-read-recorder.ts";
import type { Device } from "./device.ts";
import { atServedReceiver, checkReceiver, readReceiverId } from "./joins/check-receiver.ts";
import { DecidedJoins } from "./joins/decided-joins.ts";
import { findSessionFor } from "./joins/deliver-keys.ts";
import type { Joins, JoinTask } from "./joins/joins.ts";
import { loadKnownDevice } from "./load-known-device.ts";
import {
  type ApplicationServerPeer,
  hasKekOfItsOwn,
  isNetworkServer,
  type NetworkServerPeer,
  type UpdatePeer,
} from "./peers.ts";
import type { PolicyBook } from "./policies/policy-book.ts";
import { NO_POLICY_LEVELS } from "./policies/policy-levels.ts";
import type { EventSink } from "./ports/events.ts";
import type { JoinServerStore } from "./ports/join-server-store.ts";
import { refusalEvent } from "./refusals/refusal-event.ts";
import { PeerUpdates } from "./root-key-updates/peer-updates.ts";
import type { UpdatePolicy } from "./root-key-updates/update-policy.ts";
import { findApplicationServer, findNetworkServer, findUpdatePeer } from "./senders/find-sender.ts";
import { joinQuestion } from "./senders/join-question.ts";
import { PeerContacts } from "./senders/peer-contacts.ts";
import { RecentAnswers } from "./senders/recent-answers.ts";
import { RequestLimiter, type RequestLimits } from "./senders/request-limits.ts";
import type { SenderProof } from "./senders/sender-proof.ts";

export interface JoinServerOptions {
  readonly store: JoinServerStore;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  readonly updatePolicy: UpdatePolicy;
  readonly events: EventSink;
  /** Default: none. */
  readonly limits?: RequestLimits | undefined;
  /** How long the same JoinReq or RejoinReq gets the same answer; default 5,000, 0 for never. */
  readonly repeatWindowMs?: number | undefined;
  /** Default: nothing but what the devices' own settings say. */
  readonly policies?: Pick<PolicyBook, "levels"> | undefined;
  /** Where it is noted when a peer has asked. */
  readonly contacts?: PeerContacts | undefined;
  /** Default: decided in this thread. */
  readonly joins?: Joins | undefined;
}

/** As long as a device listens for a Join-accept (JOIN_ACCEPT_DELAY1), a repeated question makes sense. */
const REPEAT_WINDOW_MS = 5_000;

/**
 * What the Join Server does for its peers, one method a message of the Backend Interfaces. The sender is
 * found first, and has then shown who it is. Every method stores first and answers then; a refusal is a
 * thrown WarrenError and changes nothing.
 */
export class JoinServer {
  readonly #options: JoinServerOptions;
  readonly #limiter: RequestLimiter;
  readonly #recentJoins: RecentAnswers<JoinAnsMembers>;
  readonly #keyReads: KeyReadRecorder;
  readonly #policies: Pick<PolicyBook, "levels">;
  readonly #updates: PeerUpdates;
  readonly #contacts: PeerContacts;
  readonly #joins: Joins;

  constructor(options: JoinServerOptions) {
    this.#options = options;
    this.#keyReads = new KeyReadRecorder(options.store);
    this.#policies = options.policies ?? { levels: () => NO_POLICY_LEVELS };
    this.#updates = new PeerUpdates({ ...options, policies: this.#policies });
    this.#joins = options.joins ?? new DecidedJoins({ ...options, policies: this.#policies });
    this.#contacts = options.contacts ?? new PeerContacts();
    this.#limiter = new RequestLimiter(options.limits ?? { peer: undefined, device: undefined });
    this.#recentJoins = new RecentAnswers(options.repeatWindowMs ?? REPEAT_WINDOW_MS);
  }

  /** @throws WarrenError `sender-unknown`, `peer-not-allowed`, `rate-limited` */
  async networkServer(header: MessageHeader, proof: SenderProof): Promise<NetworkServerPeer> {
    return this.#admit(await findNetworkServer(this.#options.store, header, proof), proof);
  }

  /** @throws WarrenError `sender-unknown`, `peer-not-allowed`, `rate-limited` */
  async applicationServer(
    header: MessageHeader,
    proof: SenderProof,
  ): Promise<ApplicationServerPeer> {
    return this.#admit(await findApplicationServer(this.#options.store, header, proof), proof);
  }

  /**
   * The sender of a message that both kinds of servers may send.
   *
   * @throws WarrenError `sender-unknown`, `peer-not-allowed`, `rate-limited`
   */
  async updatePeer(header: MessageHeader, proof: SenderProof): Promise<UpdatePeer> {
    return this.#admit(await findUpdatePeer(this.#options.store, header, proof), proof);
  }

  /** Tells of a refused message. False when its kind is none that is told of. */
  tellRefusal(header: MessageHeader, members: Members, error: WarrenError): boolean {
    const event = refusalEvent(header, members, error, this.#now());
    if (event !== undefined) this.#options.events.publish(event);
    return event !== undefined;
  }

  /** @throws WarrenError as `acceptJoinRequest`, `device-unknown`, `rate-limited` */
  joinReq(
    peer: NetworkServerPeer,
    header: MessageHeader,
    request: JoinReq,
  ): Promise<JoinAnsMembers> {
    return this.#joinOnce({ kind: "join", netId: peer.netId, header, request });
  }

  /** @throws WarrenError as `acceptRejoinRequest`, `device-unknown`, `rate-limited` */
  rejoinReq(
    peer: NetworkServerPeer,
    header: MessageHeader,
    request: JoinReq,
  ): Promise<JoinAnsMembers> {
    return this.#joinOnce({ kind: "rejoin", netId: peer.netId, header, request });
  }

  /** @throws WarrenError `device-unknown`, `activation-disallowed`, `session-unknown`, … */
  async appSKeyReq(
    peer: ApplicationServerPeer,
    header: MessageHeader,
    request: AppSKeyReq,
  ): Promise<AppSKeyAns> {
    const { store, events } = this.#options;
    this.#limiter.checkDevice(`as:${peer.asId}`, request.devEui, this.#now());
    const device = await this.#loadReceiversDevice(header, request.devEui);
    const session = findSessionFor(device, peer, request.sessionKeyId);
    const networkServer = await store.loadNetworkServer(device.homeNetId);
    if (networkServer !== undefined && !hasKekOfItsOwn(peer, networkServer)) {
      throw new WarrenError(
        "activation-disallowed",
        "the Application Server has the KEK of the device's Network Server; give it one of its own",
      );
    }
    await this.#keyReads.record({
      at: this.#now(),
      actor: `peer:${peer.asId}`,
      action: "app-s-key.read",
      subject: device.devEui,
      details: { joinNonce: session.joinNonce },
    });
    events.publish({
      kind: "app-s-key-delivered",
      at: this.#now(),
      devEui: device.devEui,
      joinEui: device.joinEui,
      senderId: peer.asId,
      joinNonce: session.joinNonce,
    });
    return { ...request, appSKey: sealKeyEnvelope(session.keys.appSKey, peer.kek) };
  }

  /** Any Network Server on record may ask where a device is at home. @throws WarrenError `device-unknown` */
  async homeNsReq(
    _peer: NetworkServerPeer,
    header: MessageHeader,
    request: HomeNsReq,
  ): Promise<HomeNsAns> {
    const device = await this.#loadReceiversDevice(header, request.devEui);
    return { homeNetId: device.homeNetId };
  }

  /** @throws WarrenError as `PeerUpdates.ask`, `rate-limited` */
  async rootKeyUpdateReq(
    peer: UpdatePeer,
    header: MessageHeader,
    ask: RootKeyUpdateAsk,
  ): Promise<RootKeyUpdateAns> {
    this.#limiter.checkDevice(limiterIdOf(peer), ask.devEui, this.#now());
    return await this.#updates.ask(peer, header, ask);
  }

  /** @throws WarrenError as `PeerUpdates.receive`, `rate-limited` */
  async rootKeyCommandReq(
    peer: UpdatePeer,
    header: MessageHeader,
    command: RootKeyCommand,
  ): Promise<RootKeyCommandAns> {
    this.#limiter.checkDevice(limiterIdOf(peer), command.devEui, this.#now());
    return await this.#updates.receive(peer, header, command);
  }

  /** @throws WarrenError `rate-limited` */
  #admit<P extends UpdatePeer>(peer: P, { address }: SenderProof): P {
    const now = this.#now();
    this.#contacts.note(peer, { at: now, address });
    this.#limiter.checkPeer(limiterIdOf(peer), peer, now);
    return peer;
  }

  /** Of the same question again within a short while, the same answer. */
  #joinOnce(task: JoinTask): Promise<JoinAnsMembers> {
    const question = joinQuestion(task);
    const known = this.#recentJoins.find(question, this.#now());
    if (known !== undefined) return known;
    const answer = this.#join(task);
    this.#recentJoins.keep(question, answer, this.#now());
    return answer;
  }

  async #join(task: JoinTask): Promise<JoinAnsMembers> {
    this.#limiter.checkDevice(`ns:${task.netId}`, task.request.devEui, this.#now());
    const { answer, events } = await this.#joins.answer(task);
    for (const event of events) this.#options.events.publish(event);
    return answer;
  }

  /** A device that is asked for at its own Join Server. @throws WarrenError `device-unknown`, `receiver-unknown` */
  async #loadReceiversDevice(header: MessageHeader, devEui: Eui64): Promise<Device> {
    const receiverId = readReceiverId(header);
    const ranges = await this.#options.store.listJoinEuiRanges();
    const loading = loadKnownDevice(this.#options.store, devEui);
    const device = await atServedReceiver(loading, receiverId, ranges);
    checkReceiver(device, receiverId, ranges);
    return device;
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** As `RequestLimiter` takes it. */
function limiterIdOf(peer: UpdatePeer): string {
  return isNetworkServer(peer) ? `ns:${peer.netId}` : `as:${peer.asId}`;
}
