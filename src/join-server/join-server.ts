import type { MessageHeader } from "../backend/header.ts";
import type { JoinAns, JoinReq } from "../backend/join-messages.ts";
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
import type { UpdateStatus } from "../root-key/server-state.ts";
import { KeyReadRecorder } from "./audit/key-read-recorder.ts";
import type { Device } from "./device.ts";
import { acceptJoinRequest } from "./joins/accept-join-request.ts";
import { acceptRejoinRequest } from "./joins/accept-rejoin-request.ts";
import type { AcceptedJoin, JoinContext } from "./joins/accepted-join.ts";
import { atServedReceiver, checkReceiver, readReceiverId } from "./joins/check-receiver.ts";
import { type AuthorisedJoinReq, checkMayAsk, describeJoinReq } from "./joins/check-request.ts";
import { deliverKeys, findSessionFor } from "./joins/deliver-keys.ts";
import { eventsOfJoin, updateEvent } from "./joins/join-events.ts";
import { refusalEvent } from "./joins/refusal-event.ts";
import { loadKnownDevice } from "./load-known-device.ts";
import { type ApplicationServerPeer, hasKekOfItsOwn, type NetworkServerPeer } from "./peers.ts";
import type { EventKind, EventSink } from "./ports/events.ts";
import type { JoinServerStore } from "./ports/join-server-store.ts";
import { receiveRootKeyCommand } from "./root-key-updates/receive-command.ts";
import {
  prepareUpdateForNetworkServer,
  type UpdateContext,
} from "./root-key-updates/start-update.ts";
import type { UpdatePolicy } from "./root-key-updates/update-policy.ts";
import { decideAndSave } from "./save-with-retry.ts";
import { findApplicationServer, findNetworkServer } from "./senders/find-sender.ts";
import { joinQuestion } from "./senders/join-question.ts";
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
}

/** As long as a device listens for a Join-accept (JOIN_ACCEPT_DELAY1), a repeated question makes sense. */
const REPEAT_WINDOW_MS = 5_000;

const EVENT_OF_STATUS: Partial<Record<UpdateStatus, EventKind>> = {
  accepted: "update-accepted",
  confirmed: "update-confirmed",
  committed: "update-committed",
  failed: "update-failed",
};

/**
 * What the Join Server does for its peers, one method a message of the Backend Interfaces. The sender is
 * found first, and has then shown who it is. Every method stores first and answers then; a refusal is a
 * thrown WarrenError and changes nothing.
 */
export class JoinServer {
  readonly #options: JoinServerOptions;
  readonly #limiter: RequestLimiter;
  readonly #recentJoins: RecentAnswers<JoinAns>;
  readonly #keyReads: KeyReadRecorder;

  constructor(options: JoinServerOptions) {
    this.#options = options;
    this.#keyReads = new KeyReadRecorder(options.store);
    this.#limiter = new RequestLimiter(options.limits ?? { peer: undefined, device: undefined });
    this.#recentJoins = new RecentAnswers(options.repeatWindowMs ?? REPEAT_WINDOW_MS);
  }

  /** @throws WarrenError `sender-unknown`, `peer-not-allowed`, `rate-limited` */
  async networkServer(header: MessageHeader, proof: SenderProof): Promise<NetworkServerPeer> {
    const peer = await findNetworkServer(this.#options.store, header, proof);
    this.#limiter.checkPeer(`ns:${peer.netId}`, peer, this.#now());
    return peer;
  }

  /** @throws WarrenError `sender-unknown`, `peer-not-allowed`, `rate-limited` */
  async applicationServer(
    header: MessageHeader,
    proof: SenderProof,
  ): Promise<ApplicationServerPeer> {
    const peer = await findApplicationServer(this.#options.store, header, proof);
    this.#limiter.checkPeer(`as:${peer.asId}`, peer, this.#now());
    return peer;
  }

  /** Tells of a refused message. False when its kind is none that is told of. */
  tellRefusal(header: MessageHeader, members: Members, error: WarrenError): boolean {
    const event = refusalEvent(header, members, error, this.#now());
    if (event !== undefined) this.#options.events.publish(event);
    return event !== undefined;
  }

  /** @throws WarrenError as `acceptJoinRequest`, `device-unknown`, `rate-limited` */
  joinReq(peer: NetworkServerPeer, header: MessageHeader, request: JoinReq): Promise<JoinAns> {
    return this.#joinOnce(peer, header, request, acceptJoinRequest);
  }

  /** @throws WarrenError as `acceptRejoinRequest`, `device-unknown`, `rate-limited` */
  rejoinReq(peer: NetworkServerPeer, header: MessageHeader, request: JoinReq): Promise<JoinAns> {
    return this.#joinOnce(peer, header, request, acceptRejoinRequest);
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

  /** @throws WarrenError `update-not-allowed` and as `prepareUpdateForNetworkServer` */
  async rootKeyUpdateReq(
    peer: NetworkServerPeer,
    header: MessageHeader,
    ask: RootKeyUpdateAsk,
  ): Promise<RootKeyUpdateAns> {
    const { store, events } = this.#options;
    const check = await this.#checkOf(peer, header);
    const { device, macCommand } = await decideAndSave(store, ask.devEui, (stored) => {
      check(stored);
      return prepareUpdateForNetworkServer(stored, false, this.#updateContext());
    });
    events.publish({
      ...updateEvent("update-started", device, peer.netId, this.#now()),
      reason: ask.reason,
    });
    return { updateId: device.rootKeys.lastUpdateId, macCommand };
  }

  /** @throws WarrenError `frame-…`, `device-unknown`, `activation-disallowed` */
  async rootKeyCommandReq(
    peer: NetworkServerPeer,
    header: MessageHeader,
    command: RootKeyCommand,
  ): Promise<RootKeyCommandAns> {
    const { store, events, logger } = this.#options;
    const check = await this.#checkOf(peer, header);
    const { device, answer, ignored } = await decideAndSave(store, command.devEui, (stored) => {
      check(stored);
      return receiveRootKeyCommand(stored, command.macCommand, this.#updateContext());
    });
    const { update } = device.rootKeys;
    const kind = update && EVENT_OF_STATUS[update.status];
    if (ignored !== undefined) {
      const { devEui } = device;
      const { updateId } = update ?? {};
      logger.info({ event: "update-command-ignored", devEui, updateId, reason: ignored });
    } else if (kind !== undefined) {
      events.publish(updateEvent(kind, device, peer.netId, this.#now()));
    }
    return answer === undefined ? {} : { macCommand: answer };
  }

  /** Of the same question again within a short while, the same answer. */
  #joinOnce(
    peer: NetworkServerPeer,
    header: MessageHeader,
    request: JoinReq,
    accept: AcceptJoin,
  ): Promise<JoinAns> {
    const question = joinQuestion(peer.netId, header, request);
    const known = this.#recentJoins.find(question, this.#now());
    if (known !== undefined) return known;
    const answer = this.#join(peer, header, request, accept);
    this.#recentJoins.keep(question, answer, this.#now());
    return answer;
  }

  async #join(
    networkServer: NetworkServerPeer,
    header: MessageHeader,
    request: JoinReq,
    accept: AcceptJoin,
  ): Promise<JoinAns> {
    const { store, randomBytes, events } = this.#options;
    const { netId } = networkServer;
    this.#limiter.checkDevice(`ns:${netId}`, request.devEui, this.#now());
    const ranges = await store.listJoinEuiRanges();
    const authorised = describeJoinReq(header, request, netId, ranges);
    const decision = decideAndSave(store, request.devEui, (device) =>
      accept(device, authorised, { randomBytes, now: this.#now() }),
    );
    const accepted = await atServedReceiver(decision, authorised.receiverId, ranges);
    for (const event of eventsOfJoin(accepted, netId, this.#now())) events.publish(event);
    const applicationServer = await store.loadApplicationServer(accepted.device.asId);
    return {
      phyPayload: accepted.phyPayload,
      ...deliverKeys(accepted.session, networkServer, applicationServer),
      ...(networkServer.relaysRootKeyUpdates && {
        rootKeyGeneration: accepted.device.rootKeys.generation,
      }),
    };
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

  /** What must hold for a Network Server to have a part in updates of a device. */
  async #checkOf(
    peer: NetworkServerPeer,
    header: MessageHeader,
  ): Promise<(device: Device) => void> {
    const receiverId = readReceiverId(header);
    const ranges = await this.#options.store.listJoinEuiRanges();
    return (device) => {
      checkReceiver(device, receiverId, ranges);
      checkMayAsk(device, peer.netId);
    };
  }

  #updateContext(): UpdateContext {
    const { updatePolicy, randomBytes } = this.#options;
    return { policy: updatePolicy, randomBytes, now: this.#now() };
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

type AcceptJoin = (
  device: Device,
  authorised: AuthorisedJoinReq,
  context: JoinContext,
) => AcceptedJoin;
