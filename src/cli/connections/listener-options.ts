import type { Command } from "commander";
import { WarrenError } from "../../errors.ts";
import type { TlsFiles } from "../../server/listener-settings.ts";

/** How a role's HTTP listener may be reached. */
export interface ListenerOptions {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowPlainHttp?: boolean;
}

/** `--tls-cert`, `--tls-key` and `--allow-plain-http`. */
export function addListenerOptions(command: Command): Command {
  return command
    .option("--tls-cert <file>", "listen with TLS: certificate with its chain, PEM")
    .option("--tls-key <file>", "and its private key, PEM; both are read again when they change")
    .option(
      "--allow-plain-http",
      "listen without TLS on an address that is not loopback, which is refused otherwise",
      false,
    );
}

/** @throws WarrenError `configuration-invalid` for one without the other */
export function tlsFilesOf({ tlsCert, tlsKey }: ListenerOptions): TlsFiles | undefined {
  return bothFiles(tlsCert, tlsKey, "--tls-cert and --tls-key");
}

/** A certificate and its key: both or none. @throws WarrenError `configuration-invalid` */
export function bothFiles(
  certificateFile: string | undefined,
  keyFile: string | undefined,
  names: string,
): TlsFiles | undefined {
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined) {
    throw new WarrenError("configuration-invalid", `${names} belong together`);
  }
  return { certificateFile, keyFile };
}
