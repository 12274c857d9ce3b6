import { constants } from "node:crypto";
import type { Server, TlsOptions } from "node:tls";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import type { TlsFiles } from "../listener-settings.ts";
import { watchFiles } from "./file-watch.ts";
import { readTlsFiles, type TlsPair } from "./tls-files.ts";

/** Certificates of clients: asked for, and verified against these roots, but not insisted on. */
export interface ClientTrust {
  /** PEM of every root that a client's certificate may come from. */
  readonly roots: () => readonly string[];
  /** Calls back when they have become others; returns what ends that. */
  readonly watch: (onChange: () => void) => () => void;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** The TLS side of one listener: the certificate it shows, renewed without a restart. */
export class ListenerTls {
  readonly #files: TlsFiles;
  readonly #clientTrust: ClientTrust | undefined;
  #pair: TlsPair;

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
        ca: [...this.#clientTrust.roots()],
        // A resumed connection would come without the certificates that it was verified by.
        secureOptions: constants.SSL_OP_NO_TICKET,
      }),
    };
  }

  /** Keeps the server's certificate and roots as they are on disk and on record; returns what ends that. */
  keepUpToDate(server: Server, logger: Logger): () => void {
    const apply = (): void => server.setSecureContext(this.options());
    const reread = (): void => {
      try {
        this.#pair = readTlsFiles(this.#files);
        apply();
        logger.info({ event: "certificate-renewed", file: this.#files.certificateFile });
      } catch (error) {
        if (!(error instanceof WarrenError)) throw error;
        // Half of a renewal may be on disk. The certificate in use goes on.
        logger.warn({ event: "certificate-not-renewed", reason: error.code }, error.message);
      }
    };
    const { certificateFile, keyFile } = this.#files;
    const endings = [
      watchFiles([certificateFile, keyFile], reread),
      ...(this.#clientTrust === undefined ? [] : [this.#clientTrust.watch(apply)]),
    ];
    return () => {
      for (const end of endings) end();
    };
  }
}
