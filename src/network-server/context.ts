import type { BackendClient } from "../backend/client.ts";
import type { Clock } from "../clock.ts";
import type { RandomBytes } from "../crypto/random.ts";
import type { KeyedQueue } from "../keyed-queue.ts";
import type { Logger } from "../logger.ts";
import type { DownlinkScheduler } from "./gateway/downlink-scheduler.ts";
import type { GatewayRegistry } from "./gateway/gateway-registry.ts";
import type { NetworkServerSettings } from "./settings.ts";
import type { NetworkServerStore } from "./store.ts";
import type { ActivationLimit } from "./uplink/activation-limit.ts";

/** Messages of a Network Server to a Join Server. */
export type JoinServerClient = Pick<
  BackendClient,
  "joinReq" | "rejoinReq" | "rootKeyUpdateReq" | "rootKeyCommandReq"
>;

/** What the parts of a running Network Server share. */
export interface NetworkServerContext {
  readonly settings: NetworkServerSettings;
  readonly store: NetworkServerStore;
  readonly joinServer: JoinServerClient;
  readonly scheduler: Pick<DownlinkScheduler, "transmit">;
  readonly gateways: GatewayRegistry;
  /** By DevEUI: what follows an uplink happens one uplink after the other. */
  readonly deviceQueue: KeyedQueue;
  /** How many joins and rejoins may be under way or wait. */
  readonly activationLimit: ActivationLimit;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly logger: Logger;
  /** Messages for the Application Server have been stored. */
  readonly wakeOutbox: () => void;
}
