import { constants } from "node:crypto";
import type { Server, TlsOptions } from "node:tls";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { TlsFiles } from "../listener-settings.ts";
import { watchFiles } from "./file-watch.ts";
import { readTlsFiles, type TlsPair } from "./tls-files.ts";

/** Certificates of clients: asked for, and verified against these roots, but not insisted on. */
export interface ClientTrust {
  /** Every root that a client's certificate may come from, PEM, one certificate each. */
  roots(): Promise<readonly string[]>;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** How often it is looked whether the roots are still the same. */
const ROOTS_PERIOD_MS = 500;

/** The TLS side of one listener: the certificate it shows, renewed without a restart. */
export class ListenerTls {
  readonly #files: TlsFiles;
  readonly #clientTrust: ClientTrust | undefined;
  #pair: TlsPair;
  #roots: readonly string[] = [];

  /** @throws WarrenError `configuration-invalid` */
  constructor(files: TlsFiles, clientTrust?: ClientTrust) {
    this.#files = files;
    this.#clientTrust = clientTrust;
    this.#pair = readTlsFiles(files);
  }

  /** For the server, at its creation and whenever something changes. */
  options(): TlsOptions {
    return {
      ...this.#pair,
      minVersion: "TLSv1.2",
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      ...(this.#clientTrust && {
        requestCert: true,
        // Whoever shows none may have another way to say who it is; that is decided for each message.
        rejectUnauthorized: false,
        ca: [...this.#roots],
        // A resumed connection would come without the certificates that it was verified by.
        secureOptions: constants.SSL_OP_NO_TICKET,
      }),
    };
  }

  /**
   * Keeps the server's certificate and roots as they are on disk and on record.
   *
   * @returns ends that
   */
  async keepUpToDate(server: Server, logger: Logger): Promise<() => void> {
    const { certificateFile, keyFile } = this.#files;
    const endWatch = watchFiles([certificateFile, keyFile], () => this.#reread(server, logger));
    await this.#readRoots(server, logger);
    const timer = setInterval(() => void this.#readRoots(server, logger), ROOTS_PERIOD_MS).unref();
    return () => {
      endWatch();
      clearInterval(timer);
    };
  }

  #reread(server: Server, logger: Logger): void {
    const file = this.#files.certificateFile;
    try {
      this.#pair = readTlsFiles(this.#files);
      server.setSecureContext(this.options());
      logger.info({ event: "certificate-renewed", file });
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      // Half of a renewal may be on disk. The certificate in use goes on.
      logger.warn({ event: "certificate-not-renewed", reason: error.code }, error.message);
    }
  }

  async #readRoots(server: Server, logger: Logger): Promise<void> {
    if (this.#clientTrust === undefined) return;
    try {
      const roots = await this.#clientTrust.roots();
      if (roots.join() === this.#roots.join()) return;
      this.#roots = roots;
      server.setSecureContext(this.options());
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      logger.warn({ event: "peer-roots-not-read", reason: error.code }, error.message);
    }
  }
}
