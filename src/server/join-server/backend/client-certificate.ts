import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { PeerAuthentication } from "../../../join-server/peers.ts";
import { certificatesOf } from "./certificates-of.ts";

type MutualTls = Extract<PeerAuthentication, { kind: "mutual-tls" }>;

/** Certificates between that of a client and its root, the root included. */
const MAX_CHAIN_LENGTH = 8;

/**
 * The certificate that a client has shown, taken apart once a connection. That the client has its key was
 * shown by the handshake; whose certificate it is has to be looked at for each message, since one
 * connection may carry messages in several names.
 */
export class ClientCertificate {
  readonly #leaf: X509Certificate;
  /**
   * As the client sent them, and the root that OpenSSL found. Some versions of Node, 24.21 among them, do
   * not show what was sent: then the certificate next to the leaf has to be on record.
   */
  readonly #others: readonly X509Certificate[];
  /** OpenSSL found the chain good under some root of some peer: signatures, times, purposes, constraints. */
  readonly #isVerified: boolean;
  readonly #results = new WeakMap<MutualTls, boolean>();

  private constructor(leaf: DetailedPeerCertificate, isVerified: boolean) {
    this.#leaf = new X509Certificate(leaf.raw);
    this.#others = othersOf(leaf);
    this.#isVerified = isVerified;
  }

  /** Undefined when the client has shown none. */
  static of(socket: TLSSocket): ClientCertificate | undefined {
    const leaf = socket.getPeerCertificate(true);
    return leaf?.raw === undefined ? undefined : new ClientCertificate(leaf, socket.authorized);
  }

  /** Whether it is one of the peer's, at this time. @param now epoch milliseconds */
  fulfils(authentication: MutualTls, now: number): boolean {
    if (!isInTime(this.#leaf, now)) return false;
    let result = this.#results.get(authentication);
    if (result === undefined) {
      result = this.#belongsTo(authentication, now);
      this.#results.set(authentication, result);
    }
    return result;
  }

  #belongsTo({ ca, certificateSha256, names }: MutualTls, now: number): boolean {
    const isPinned = certificateSha256.includes(fingerprintOf(this.#leaf));
    if (certificateSha256.length > 0 && !isPinned) return false;
    const hasName = names.some((name) =>
      this.#leaf.checkHost(name, { subject: "always", wildcards: false }),
    );
    if (names.length > 0 && !hasName) return false;
    if (ca === undefined) return isPinned;
    // OpenSSL was given the roots of all peers: that the chain ends in one of this peer's is seen here.
    return this.#isVerified && this.#comesFrom(certificatesOf(ca), now);
  }

  #comesFrom(roots: readonly X509Certificate[], now: number): boolean {
    let current = this.#leaf;
    for (let length = 1; length < MAX_CHAIN_LENGTH; length++) {
      const isThere = roots.some(
        (root) => isInTime(root, now) && (isSame(root, current) || isIssuedBy(current, root)),
      );
      if (isThere) return true;
      const issuer = this.#others.find(
        (other) => other.ca && isInTime(other, now) && isIssuedBy(current, other),
      );
      if (issuer === undefined || isSame(issuer, current)) return false;
      current = issuer;
    }
    return false;
  }
}

function othersOf(leaf: DetailedPeerCertificate): X509Certificate[] {
  const others: X509Certificate[] = [];
  // At a root the chain of objects goes on in a circle.
  let current = leaf.issuerCertificate as DetailedPeerCertificate | undefined;
  while (current !== undefined && others.length < MAX_CHAIN_LENGTH) {
    others.push(new X509Certificate(current.raw));
    if (current.issuerCertificate === current) break;
    current = current.issuerCertificate;
  }
  return others;
}

/** SHA-256 in lower-case hex without colons. */
function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}

function isSame(a: X509Certificate, b: X509Certificate): boolean {
  return a.raw.equals(b.raw);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isInTime(certificate: X509Certificate, now: number): boolean {
  return certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();
}
