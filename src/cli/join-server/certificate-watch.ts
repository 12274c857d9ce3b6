import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { TLSSocket } from "node:tls";
import type { ObservedCertificate } from "../../metrics/state-gauges.ts";

/** Peers shown at most, whatever comes. */
const PEERS_MAX = 200;

/** Which certificates are in use, and until when: ours, and those of peers that are connected. */
export class CertificateWatch {
  readonly #ownFiles: ReadonlyMap<string, string>;
  readonly #sockets = new Set<TLSSocket>();

  /** @param ownFiles from what a certificate is for to its file, PEM */
  constructor(ownFiles: ReadonlyMap<string, string>) {
    this.#ownFiles = ownFiles;
  }

  /** Watches the connections of a TLS listener; of others there are none to see. */
  watch(server: Server): void {
    server.on("secureConnection", (socket: TLSSocket) => {
      // Whoever shows none, or one of an unknown root, is not shown: anybody can make those up.
      if (!(socket instanceof TLSSocket) || !socket.authorized) return;
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  certificates(): ObservedCertificate[] {
    const own = [...this.#ownFiles].flatMap(([name, file]) => {
      const certificate = readCertificate(file);
      return certificate === undefined ? [] : [describe("own", name, certificate)];
    });
    const peers = new Map<string, ObservedCertificate>();
    for (const socket of this.#sockets) {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined || peers.size >= PEERS_MAX) continue;
      const described = describe("peer", nameOf(certificate), certificate);
      const known = peers.get(described.name);
      // Of two of the same name the one that ends first is the one to look at.
      if (known === undefined || described.notAfter < known.notAfter) {
        peers.set(described.name, described);
      }
    }
    return [...own, ...peers.values()];
  }
}

function readCertificate(file: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readFileSync(file));
  } catch {
    // Half of a renewal; what is in use was read before and goes on.
    return undefined;
  }
}

function describe(owner: string, name: string, { validTo }: X509Certificate): ObservedCertificate {
  return { owner, name, notAfter: Date.parse(validTo) };
}

function nameOf({ subject }: X509Certificate): string {
  return /^CN=(.{1,64})/m.exec(subject)?.[1] ?? "without a common name";
}
