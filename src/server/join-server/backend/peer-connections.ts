import { PeerConnection } from "../../../backend/peer-connection.ts";
import type { PeerRoute } from "../../../join-server/peers.ts";
import type { TlsFiles } from "../../listener-settings.ts";
import { watchFiles } from "../../tls/file-watch.ts";
import { readTlsFiles, type TlsPair } from "../../tls/tls-files.ts";

/** More than there are routes in use; older ones are closed. */
const MAX_ROUTES = 1_000;

/** Connections of ours to the routes of peers, each route's kept open between messages. */
export class PeerConnections {
  readonly #byRoute = new Map<string, PeerConnection>();
  readonly #files: TlsFiles | undefined;
  #certificate: TlsPair | undefined;
  readonly #endWatch: (() => void) | undefined;

  /**
   * @param files what we show to peers that ask for a certificate
   * @throws WarrenError `configuration-invalid`
   */
  constructor(files?: TlsFiles) {
    this.#files = files;
    this.#certificate = files && readTlsFiles(files);
    this.#endWatch =
      files && watchFiles([files.certificateFile, files.keyFile], () => this.#reread());
  }

  to(route: PeerRoute): PeerConnection {
    const { url, ca, authorization } = route;
    const key = JSON.stringify([url, ca, authorization]);
    let connection = this.#byRoute.get(key);
    if (connection === undefined) {
      const certificate = this.#certificate;
      connection = new PeerConnection(url, { ca, authorization, certificate });
      this.#byRoute.set(key, connection);
      this.#dropOldest();
    }
    return connection;
  }

  async close(): Promise<void> {
    this.#endWatch?.();
    await this.#closeAll();
  }

  #reread(): void {
    if (this.#files === undefined) return;
    try {
      this.#certificate = readTlsFiles(this.#files);
    } catch {
      // Half of a renewal may be on disk; the certificate in use goes on until the next look.
      return;
    }
    void this.#closeAll();
  }

  async #closeAll(): Promise<void> {
    const connections = [...this.#byRoute.values()];
    this.#byRoute.clear();
    await Promise.all(connections.map((connection) => connection.close()));
  }

  #dropOldest(): void {
    if (this.#byRoute.size <= MAX_ROUTES) return;
    const [oldest] = this.#byRoute;
    if (oldest === undefined) return;
    this.#byRoute.delete(oldest[0]);
    void oldest[1].close();
  }
}
