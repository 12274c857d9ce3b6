import { encodeJoinAns, type JoinAns } from "../../backend/join-messages.ts";
import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import type { Device } from "../device.ts";
import type { ApplicationServerPeer } from "../peers.ts";
import type { PolicyBook } from "../policies/policy-book.ts";
import { type PolicyLevels, policyOfDevice } from "../policies/policy-levels.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import type { PeerStore } from "../ports/peer-store.ts";
import { withGateway } from "../root-key-updates/peer-updates.ts";
import { decideAndSave } from "../save-with-retry.ts";
import { acceptJoinRequest } from "./accept-join-request.ts";
import { acceptRejoinRequest } from "./accept-rejoin-request.ts";
import { atServedReceiver } from "./check-receiver.ts";
import { describeJoinReq } from "./check-request.ts";
import { deliverKeys } from "./deliver-keys.ts";
import { eventsOfJoin } from "./join-events.ts";
import type { AnsweredJoin, Joins, JoinTask } from "./joins.ts";

export interface DecidedJoinsOptions {
  readonly store: Pick<DeviceStore, "loadDevice" | "saveDevice"> &
    Pick<PeerStore, "loadNetworkServer" | "loadApplicationServer" | "listJoinEuiRanges">;
  readonly policies: Pick<PolicyBook, "levels">;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** Joins that are decided in this thread, and stored before they are answered. */
export class DecidedJoins implements Joins {
  readonly #options: DecidedJoinsOptions;

  constructor(options: DecidedJoinsOptions) {
    this.#options = options;
  }

  async answer({ kind, netId, header, request }: JoinTask): Promise<AnsweredJoin> {
    const { store, randomBytes, clock } = this.#options;
    // Before anything is stored: a join is not to fail afterwards.
    const levels = await this.#options.policies.levels();
    const ranges = await store.listJoinEuiRanges();
    const networkServer = await store.loadNetworkServer(netId);
    if (networkServer === undefined) {
      throw new WarrenError("sender-unknown", "the Network Server is no longer on record");
    }
    const authorised = describeJoinReq(header, request, netId, ranges);
    const accept = kind === "join" ? acceptJoinRequest : acceptRejoinRequest;
    const decision = decideAndSave(store, request.devEui, (stored) => {
      const accepted = accept(stored, authorised, { randomBytes, now: clock.now(), levels });
      return { ...accepted, device: withGateway(accepted.device, request.gatewayId) };
    });
    const accepted = await atServedReceiver(decision, authorised.receiverId, ranges);
    const applicationServer = await this.#loadApplicationServer(accepted.device);
    return {
      answer: encodeJoinAns({
        phyPayload: accepted.phyPayload,
        ...deliverKeys(accepted.session, networkServer, applicationServer),
        ...(networkServer.relaysRootKeyUpdates && updateHints(accepted.device, levels)),
      }),
      events: eventsOfJoin(accepted, netId, clock.now()),
    };
  }

  /** The join is on record, so its answer leaves also without an AppSKey, which can be asked for later. */
  async #loadApplicationServer({ asId }: Device): Promise<ApplicationServerPeer | undefined> {
    try {
      return await this.#options.store.loadApplicationServer(asId);
    } catch (error) {
      if (error instanceof WarrenError) return undefined;
      throw error;
    }
  }
}

/** What a Network Server needs to know to ask for updates in time. */
function updateHints(
  device: Device,
  levels: PolicyLevels,
): Pick<JoinAns, "rootKeyGeneration" | "rootKeyMaxFrames"> {
  const { maxFrames } = policyOfDevice(levels, device);
  return {
    rootKeyGeneration: device.rootKeys.generation,
    ...(maxFrames !== null && { rootKeyMaxFrames: maxFrames }),
  };
}
