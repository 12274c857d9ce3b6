import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../clock.ts";
import { keyFingerprint } from "../../crypto/key-fingerprint.ts";
import { WarrenError } from "../../errors.ts";
import type { NetId } from "../../lorawan/identifiers.ts";
import { formatJoinEuiRange, type JoinEuiRange } from "../join-eui-range.ts";
import type { ApplicationServerPeer, NetworkServerPeer, PeerSettings } from "../peers.ts";
import type { AuditEvent } from "../ports/audit-log.ts";
import type { PeerStore } from "../ports/peer-store.ts";
import { senderNetId } from "../senders/find-sender.ts";

/** The servers that may ask, and the JoinEUIs that are served. The same again changes nothing. */
export class PeerAdministration {
  readonly #store: PeerStore;
  readonly #clock: Clock;

  constructor(store: PeerStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  listNetworkServers(): Promise<NetworkServerPeer[]> {
    return this.#store.listNetworkServers();
  }

  /** @throws WarrenError `resource-unknown` */
  async getNetworkServer(netId: NetId): Promise<NetworkServerPeer> {
    const peer = await this.#store.loadNetworkServer(netId);
    if (peer === undefined) throw peerUnknown(`Network Server has the NetID ${netId}`);
    return peer;
  }

  /** @throws WarrenError `value-out-of-range` for settings that contradict each other */
  async putNetworkServer(peer: NetworkServerPeer, actor: string): Promise<boolean> {
    checkPeer(peer);
    // The list comes from the database; a single record may be a copy older than another process' change.
    const known = await this.#store.listNetworkServers();
    const stored = known.find(({ netId }) => netId === peer.netId);
    const changed = changedMembers(stored, peer);
    if (changed.length > 0) {
      const audit = this.#audit(
        actor,
        "network-server.put",
        peer.netId,
        peerDetails(peer, changed),
      );
      await this.#store.saveNetworkServer(peer, audit);
    }
    return stored === undefined;
  }

  /** @throws WarrenError `resource-unknown` */
  async deleteNetworkServer(netId: NetId, actor: string): Promise<void> {
    const audit = this.#audit(actor, "network-server.delete", netId);
    if (!(await this.#store.deleteNetworkServer(netId, audit))) {
      throw peerUnknown(`Network Server has the NetID ${netId}`);
    }
  }

  listApplicationServers(): Promise<ApplicationServerPeer[]> {
    return this.#store.listApplicationServers();
  }

  /** @throws WarrenError `resource-unknown` */
  async getApplicationServer(asId: string): Promise<ApplicationServerPeer> {
    const peer = await this.#store.loadApplicationServer(asId);
    if (peer === undefined) throw peerUnknown(`Application Server has the AS-ID ${asId}`);
    return peer;
  }

  /** @throws WarrenError `value-out-of-range` for settings that contradict each other */
  async putApplicationServer(peer: ApplicationServerPeer, actor: string): Promise<boolean> {
    checkPeer(peer);
    const known = await this.#store.listApplicationServers();
    const stored = known.find(({ asId }) => asId === peer.asId);
    if (stored === undefined || peer.relaysRootKeyUpdates) checkAsId(peer.asId);
    const changed = changedMembers(stored, peer);
    if (changed.length > 0) {
      const details = peerDetails(peer, changed);
      const audit = this.#audit(actor, "application-server.put", peer.asId, details);
      await this.#store.saveApplicationServer(peer, audit);
    }
    return stored === undefined;
  }

  /** @throws WarrenError `resource-unknown` */
  async deleteApplicationServer(asId: string, actor: string): Promise<void> {
    const audit = this.#audit(actor, "application-server.delete", asId);
    if (!(await this.#store.deleteApplicationServer(asId, audit))) {
      throw peerUnknown(`Application Server has the AS-ID ${asId}`);
    }
  }

  listJoinEuiRanges(): Promise<JoinEuiRange[]> {
    return this.#store.listJoinEuiRanges();
  }

  /** @returns whether it is new */
  async putJoinEuiRange(range: JoinEuiRange, actor: string): Promise<boolean> {
    const known = await this.#store.listJoinEuiRanges();
    if (known.some((other) => isDeepStrictEqual(other, range))) return false;
    const audit = this.#audit(actor, "join-eui-range.put", formatJoinEuiRange(range));
    await this.#store.saveJoinEuiRange(range, audit);
    return true;
  }

  /** @throws WarrenError `resource-unknown` */
  async deleteJoinEuiRange(range: JoinEuiRange, actor: string): Promise<void> {
    const text = formatJoinEuiRange(range);
    const audit = this.#audit(actor, "join-eui-range.delete", text);
    if (!(await this.#store.deleteJoinEuiRange(range, audit))) {
      throw peerUnknown(`range of JoinEUIs is ${text}`);
    }
  }

  #audit(
    actor: string,
    action: string,
    subject: string,
    details: AuditEvent["details"] = {},
  ): AuditEvent {
    return { at: this.#clock.now(), actor, action, subject, details };
  }
}

/** @throws WarrenError `value-out-of-range` */
function checkPeer({ answers, route, authentication }: PeerSettings): void {
  if (answers === "async" && route === undefined) {
    throw new WarrenError("value-out-of-range", "async answers need a route to send them to");
  }
  if (route?.protocolVersion === "1.1" && route.senderNsId === undefined) {
    throw new WarrenError(
      "value-out-of-range",
      "a route of protocolVersion 1.1 needs a senderNsId, which every message of 1.1 must carry",
    );
  }
  if (
    authentication.kind === "mutual-tls" &&
    authentication.ca === undefined &&
    authentication.certificateSha256.length === 0
  ) {
    throw new WarrenError(
      "value-out-of-range",
      "mutual-tls needs the ca of the peer's certificates, or certificateSha256 of those it may show",
    );
  }
}

/**
 * In messages of root key updates a SenderID that reads as a NetID is one, so an AS-ID may not. One on record
 * from before goes on with AppSKeyReq.
 *
 * @throws WarrenError `value-out-of-range`
 */
function checkAsId(asId: string): void {
  if (senderNetId(asId) === undefined) return;
  throw new WarrenError(
    "value-out-of-range",
    "an AS-ID of 6 hex digits reads as a NetID; give the Application Server another one",
  );
}

/** Names only: the values may be secrets. All of them for a new peer. */
function changedMembers<P extends PeerSettings>(stored: P | undefined, peer: P): string[] {
  return (Object.keys(peer) as (keyof P & string)[]).filter(
    (name) => stored === undefined || !isSame(stored, peer, name),
  );
}

function isSame<P extends PeerSettings>(stored: P, peer: P, name: keyof P): boolean {
  if (name !== "kek") return isDeepStrictEqual(stored[name], peer[name]);
  return stored.kek.label === peer.kek.label && stored.kek.kek.equals(peer.kek.kek);
}

/** Besides the names, what decides who is believed and which KEK keys leave under. */
function peerDetails(peer: PeerSettings, changed: readonly string[]): AuditEvent["details"] {
  return {
    changed,
    isAllowed: peer.isAllowed,
    authentication: peer.authentication.kind,
    kekLabel: peer.kek.label,
    kekFingerprint: keyFingerprint(peer.kek.kek),
  };
}

function peerUnknown(what: string): WarrenError {
  return new WarrenError("resource-unknown", `no ${what}`);
}
