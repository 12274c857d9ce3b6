import type { MessageHeader } from "../backend/header.ts";
import type { JoinAns, JoinReq } from "../backend/join-messages.ts";
import { sealKeyEnvelope } from "../backend/key-envelope.ts";
import type { AppSKeyAns, AppSKeyReq, HomeNsAns, HomeNsReq } from "../backend/key-messages.ts";
import { stripHexPrefix } from "../backend/members.ts";
import type {
  RootKeyCommand,
  RootKeyCommandAns,
  RootKeyUpdateAns,
  RootKeyUpdateAsk,
} from "../backend/root-key-messages.ts";
import type { Clock } from "../clock.ts";
import { keyFingerprint } from "../crypto/key-fingerprint.ts";
import type { RandomBytes } from "../crypto/random.ts";
import { WarrenError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { type NetId, parseNetId } from "../lorawan/identifiers.ts";
import type { Device } from "./device.ts";
import { acceptJoinRequest } from "./joins/accept-join-request.ts";
import { acceptRejoinRequest } from "./joins/accept-rejoin-request.ts";
import type { AcceptedJoin, JoinContext } from "./joins/accepted-join.ts";
import {
  type AuthorisedJoinReq,
  checkHomeNetwork,
  describeJoinReq,
} from "./joins/check-request.ts";
import { deliverKeys } from "./joins/deliver-keys.ts";
import { loadKnownDevice } from "./load-known-device.ts";
import { hasKekOfItsOwn, type NetworkServerPeer } from "./peers.ts";
import type { EventSink } from "./ports/events.ts";
import type { JoinServerStore } from "./ports/join-server-store.ts";
import { receiveRootKeyCommand } from "./root-key-updates/receive-command.ts";
import {
  prepareUpdateForNetworkServer,
  type UpdateContext,
} from "./root-key-updates/start-update.ts";
import type { UpdatePolicy } from "./root-key-updates/update-policy.ts";
import { decideAndSave } from "./save-with-retry.ts";

export interface JoinServerOptions {
  readonly store: JoinServerStore;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  readonly updatePolicy: UpdatePolicy;
  readonly events: EventSink;
}

/**
 * What the Join Server does for its peers, one method a message of the Backend Interfaces. Every method
 * stores first and answers then; a refusal is a thrown WarrenError and changes nothing.
 */
export class JoinServer {
  readonly #options: JoinServerOptions;

  constructor(options: JoinServerOptions) {
    this.#options = options;
  }

  joinReq(header: MessageHeader, request: JoinReq): Promise<JoinAns> {
    return this.#join(header, request, acceptJoinRequest);
  }

  rejoinReq(header: MessageHeader, request: JoinReq): Promise<JoinAns> {
    return this.#join(header, request, acceptRejoinRequest);
  }

  /** @throws WarrenError `device-unknown`, `activation-disallowed`, `session-unknown` */
  async appSKeyReq(header: MessageHeader, request: AppSKeyReq): Promise<AppSKeyAns> {
    const { store, logger } = this.#options;
    const peer = await store.loadApplicationServer(header.senderId);
    if (peer === undefined) {
      throw new WarrenError("sender-unknown", "no Application Server has this AS-ID");
    }
    const device = await loadKnownDevice(this.#options.store, request.devEui);
    if (device.asId !== peer.asId) {
      throw new WarrenError("activation-disallowed", "the device has another Application Server");
    }
    const wanted = stripHexPrefix(request.sessionKeyId).toLowerCase();
    const session = device.sessions.find(({ sessionKeyId }) => sessionKeyId === wanted);
    if (session === undefined) {
      throw new WarrenError("session-unknown", "the device has no session of this SessionKeyID");
    }
    const networkServer = await store.loadNetworkServer(device.homeNetId);
    if (networkServer !== undefined && !hasKekOfItsOwn(peer, networkServer)) {
      throw new WarrenError(
        "activation-disallowed",
        "the Application Server has the KEK of the device's Network Server; give it one of its own",
      );
    }
    logger.info({ event: "app-s-key-delivered", devEui: device.devEui, asId: peer.asId });
    return { ...request, appSKey: sealKeyEnvelope(session.keys.appSKey, peer.kek) };
  }

  /** Any Network Server may ask where a device is at home. @throws WarrenError `device-unknown` */
  async homeNsReq(_header: MessageHeader, request: HomeNsReq): Promise<HomeNsAns> {
    const device = await loadKnownDevice(this.#options.store, request.devEui);
    return { homeNetId: device.homeNetId };
  }

  /** @throws WarrenError `update-not-allowed` and as `prepareUpdateForNetworkServer` */
  async rootKeyUpdateReq(header: MessageHeader, ask: RootKeyUpdateAsk): Promise<RootKeyUpdateAns> {
    const peer = await this.#loadNetworkServer(header);
    const { device, macCommand } = await decideAndSave(
      this.#options.store,
      ask.devEui,
      (stored) => {
        checkHomeNetwork(stored, peer.netId);
        return prepareUpdateForNetworkServer(stored, this.#updateContext());
      },
    );
    const { devEui } = device;
    const updateId = device.rootKeys.lastUpdateId;
    this.#options.logger.info({ event: "update-started", devEui, updateId, reason: ask.reason });
    return { updateId, macCommand };
  }

  /** @throws WarrenError `frame-…`, `device-unknown`, `activation-disallowed` */
  async rootKeyCommandReq(
    header: MessageHeader,
    command: RootKeyCommand,
  ): Promise<RootKeyCommandAns> {
    const peer = await this.#loadNetworkServer(header);
    const { device, answer, ignored } = await decideAndSave(
      this.#options.store,
      command.devEui,
      (stored) => {
        checkHomeNetwork(stored, peer.netId);
        return receiveRootKeyCommand(stored, command.macCommand, this.#updateContext());
      },
    );
    const { update } = device.rootKeys;
    this.#options.logger.info({
      event: ignored === undefined ? `update-${update?.status}` : "update-command-ignored",
      devEui: device.devEui,
      updateId: update?.updateId,
      reason: ignored ?? update?.reason,
    });
    return answer === undefined ? {} : { macCommand: answer };
  }

  async #join(
    header: MessageHeader,
    request: JoinReq,
    accept: (device: Device, req: AuthorisedJoinReq, context: JoinContext) => AcceptedJoin,
  ): Promise<JoinAns> {
    const { store, clock, randomBytes } = this.#options;
    const networkServer = await this.#loadNetworkServer(header);
    const authorised = describeJoinReq(header, request, networkServer.netId);
    const accepted = await decideAndSave(store, request.devEui, (device) =>
      accept(device, authorised, { randomBytes, now: clock.now() }),
    );
    this.#logAccepted(header.messageType, accepted);
    const applicationServer = await store.loadApplicationServer(accepted.device.asId);
    return {
      phyPayload: accepted.phyPayload,
      ...deliverKeys(accepted.session, networkServer, applicationServer),
      ...(networkServer.relaysRootKeyUpdates && {
        rootKeyGeneration: accepted.device.rootKeys.generation,
      }),
    };
  }

  #logAccepted(messageType: string, accepted: AcceptedJoin): void {
    const { device, session } = accepted;
    const fields = {
      devEui: device.devEui,
      generation: device.rootKeys.generation,
      nwkKey: keyFingerprint(device.rootKeys.currentKeys.nwkKey),
    };
    this.#options.logger.info({
      event: messageType === "JoinReq" ? "join-accepted" : "rejoin-accepted",
      ...fields,
      joinNonce: session.joinNonce,
    });
    if (accepted.committedUpdate) {
      this.#options.logger.info({ event: "update-committed", ...fields });
    } else if (accepted.failedUpdate) {
      this.#options.logger.warn({
        event: "update-failed",
        ...fields,
        reason: device.rootKeys.update?.reason,
      });
    }
  }

  /** The sender as a Network Server. @throws WarrenError `sender-unknown` */
  async #loadNetworkServer(header: MessageHeader): Promise<NetworkServerPeer> {
    const netId = netIdOf(header);
    const peer = netId && (await this.#options.store.loadNetworkServer(netId));
    if (peer === undefined) {
      throw new WarrenError("sender-unknown", "no Network Server has this NetID");
    }
    return peer;
  }

  #updateContext(): UpdateContext {
    const { updatePolicy, randomBytes, clock } = this.#options;
    return { policy: updatePolicy, randomBytes, now: clock.now() };
  }
}

function netIdOf(header: MessageHeader): NetId | undefined {
  try {
    return parseNetId(stripHexPrefix(header.senderId));
  } catch {
    return undefined;
  }
}
