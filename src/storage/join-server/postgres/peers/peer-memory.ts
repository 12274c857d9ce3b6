import type { JoinEuiRange } from "../../../../join-server/join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer } from "../../../../join-server/peers.ts";
import type { PostgresStatements } from "../../../postgres-database.ts";
import type { PeerCodec } from "../../rows/peer-codec.ts";
import type { PeerRows } from "./peer-rows.ts";
import { readApplicationServers, readJoinEuiRanges, readNetworkServers } from "./read-peers.ts";

/** From this age on somebody looks whether the peers have changed, and nobody waits for that. */
const ASK_AFTER_MS = 1_000;
/** Nobody is answered by what is older. */
const MAX_AGE_MS = 2_000;

/** All peers and ranges as they were at one time. */
export interface Peers {
  readonly networkServers: PeerRows<NetworkServerPeer>;
  readonly applicationServers: PeerRows<ApplicationServerPeer>;
  readonly ranges: readonly JoinEuiRange[];
}

interface KnownPeers extends Peers {
  readonly revision: number;
  /** When it was sure to be so, on the clock of `performance`. */
  readonly seenAtMs: number;
}

/**
 * The peers in memory, at most two seconds old. While there are requests, the question whether another
 * process has changed them is asked beside them, so that none waits for its answer.
 */
export class PeerMemory {
  readonly #statements: PostgresStatements;
  readonly #codec: PeerCodec;
  #known: KnownPeers | undefined;
  #asking: Promise<KnownPeers> | undefined;

  constructor(statements: PostgresStatements, codec: PeerCodec) {
    this.#statements = statements;
    this.#codec = codec;
  }

  /** @throws WarrenError `storage-failed` */
  current(): Promise<Peers> {
    const known = this.#known;
    const ageMs = performance.now() - (known?.seenAtMs ?? Number.NEGATIVE_INFINITY);
    if (known === undefined || ageMs > MAX_AGE_MS) return this.#ask();
    // Whoever comes when it is too old will be told what is wrong.
    if (ageMs > ASK_AFTER_MS) this.#ask().catch(() => undefined);
    return Promise.resolve(known);
  }

  /** After a change of our own: what is being read now may be from before it. */
  forget(): void {
    this.#known = undefined;
    this.#asking = undefined;
  }

  #ask(): Promise<KnownPeers> {
    if (this.#asking !== undefined) return this.#asking;
    const asking: Promise<KnownPeers> = this.#read().then(
      (peers) => {
        if (this.#asking === asking) [this.#known, this.#asking] = [peers, undefined];
        return peers;
      },
      (error: unknown) => {
        if (this.#asking === asking) this.#asking = undefined;
        throw error;
      },
    );
    this.#asking = asking;
    return asking;
  }

  async #read(): Promise<KnownPeers> {
    const seenAtMs = performance.now();
    const known = this.#known;
    const sql = "SELECT value FROM counters WHERE name = 'peers-revision'";
    const revision = Number((await this.#statements.get(sql))?.["value"]);
    if (known?.revision === revision) return { ...known, seenAtMs };
    return {
      revision,
      seenAtMs,
      networkServers: await readNetworkServers(this.#statements, this.#codec),
      applicationServers: await readApplicationServers(this.#statements, this.#codec),
      ranges: await readJoinEuiRanges(this.#statements),
    };
  }
}
