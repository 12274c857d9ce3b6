import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { WarrenError } from "../../errors.ts";
import type { TlsFiles } from "../listener-settings.ts";

/** A certificate with its chain, and its private key, both PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads a certificate and its key, and checks that they belong together.
 *
 * @throws WarrenError `configuration-invalid` naming the file
 */
export function readTlsFiles(files: TlsFiles): TlsPair {
  const cert = readPem(files.certificateFile, "certificate");
  const key = readPem(files.keyFile, "private key");
  const certificate = parsed(files.certificateFile, "certificate", () => new X509Certificate(cert));
  const privateKey = parsed(files.keyFile, "private key", () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new WarrenError(
      "configuration-invalid",
      `the private key in ${files.keyFile} is not that of the certificate in ${files.certificateFile}`,
    );
  }
  return { cert, key };
}

/** Text of a PEM file. @throws WarrenError `configuration-invalid` naming the file */
export function readPem(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `cannot read the ${what} ${path} (${code})`, {
      cause: error,
    });
  }
}

/** Without the inner error: a parser's words may repeat what it was given. */
function parsed<T>(path: string, what: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new WarrenError(
      "configuration-invalid",
      `${path} holds no ${what} in PEM that can be used (an encrypted key cannot)`,
    );
  }
}
