import { type Command, InvalidArgumentError, Option } from "commander";
import { BackendClient, type ClientProtocol } from "../../backend/client.ts";
import type { PeerCredentials } from "../../backend/peer-connection.ts";
import { systemRandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { type Eui64, parseEui64 } from "../../lorawan/identifiers.ts";
import { watchFiles } from "../../server/tls/file-watch.ts";
import { readPem, readTlsFiles } from "../../server/tls/tls-files.ts";
import { parsedBy } from "../options.ts";
import { bothFiles } from "./listener-options.ts";
import { readTokenFile } from "./token-file.ts";

/** Who a role is towards the Join Server, and how it knows that it is the right one. */
export interface JoinServerOptions {
  readonly joinServer: string;
  readonly joinServerCa?: string;
  readonly joinServerCert?: string;
  readonly joinServerKey?: string;
  readonly joinServerTokenFile?: string;
  readonly joinServerProtocol?: "1.0" | "1.1";
  readonly nsId?: Eui64;
  /** Paths by MessageType. */
  readonly joinServerPath?: Readonly<Record<string, string>>;
}

/** `--join-server-ca` and the others that say how the Join Server is spoken to. */
export function addJoinServerOptions(command: Command): Command {
  return command
    .option("--join-server-ca <file>", "CA of its certificate, PEM; if not one the system trusts")
    .option("--join-server-cert <file>", "certificate to show it, with its chain, PEM")
    .option("--join-server-key <file>", "private key of that certificate, PEM")
    .option("--join-server-token-file <file>", "file with the bearer token to show it")
    .option(
      "--join-server-path <MessageType=path>",
      "path of a message, such as JoinReq=/join, if it has one of its own; may be repeated",
      parsePath,
    );
}

/** `--join-server-protocol` and `--ns-id`, for Network Servers. */
export function addProtocolOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--join-server-protocol <version>", "ProtocolVersion to ask it in")
        .choices(["1.0", "1.1"])
        .default("1.0"),
    )
    .option(
      "--ns-id <EUI-64>",
      "SenderNSID, which ProtocolVersion 1.1 needs",
      parsedBy(parseEui64, "an NSID is 16 hex digits."),
    );
}

/** The client, and what ends the look-out for renewed files. */
export interface JoinServerConnection {
  readonly client: BackendClient;
  close(): void;
}

/**
 * A client for the Join Server that reads its files again when they change.
 *
 * @param senderId NetID or AS-ID
 * @throws WarrenError `configuration-invalid` naming the option or file
 */
export function connectToJoinServer(
  options: JoinServerOptions,
  senderId: string,
  timeoutMs: number,
  logger: Logger,
): JoinServerConnection {
  const client = new BackendClient({
    url: options.joinServer,
    senderId,
    randomBytes: systemRandomBytes,
    timeoutMs,
    protocol: protocolOf(options),
    paths: options.joinServerPath,
    credentials: readCredentials(options),
  });
  const { joinServerCa, joinServerCert, joinServerKey, joinServerTokenFile } = options;
  const files = [joinServerCa, joinServerCert, joinServerKey, joinServerTokenFile].filter(
    (file) => file !== undefined,
  );
  const close = watchFiles(files, () => {
    try {
      client.renew(readCredentials(options));
      logger.info({ event: "certificate-renewed", files });
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      // Half of a renewal may be on disk. What is in use goes on.
      logger.warn({ event: "certificate-not-renewed", reason: error.code }, error.message);
    }
  });
  return { client, close };
}

function readCredentials(options: JoinServerOptions): PeerCredentials {
  const { joinServerCa, joinServerCert, joinServerKey, joinServerTokenFile } = options;
  const files = bothFiles(
    joinServerCert,
    joinServerKey,
    "--join-server-cert and --join-server-key",
  );
  return {
    ca: joinServerCa === undefined ? undefined : readPem(joinServerCa, "CA"),
    certificate: files && readTlsFiles(files),
    authorization:
      joinServerTokenFile === undefined
        ? undefined
        : `Bearer ${readTokenFile(joinServerTokenFile)}`,
  };
}

function protocolOf({ joinServerProtocol, nsId }: JoinServerOptions): ClientProtocol {
  if (joinServerProtocol !== "1.1") return { version: "1.0" };
  if (nsId === undefined) {
    throw new WarrenError("configuration-invalid", "--join-server-protocol 1.1 needs --ns-id");
  }
  return { version: "1.1", senderNsId: nsId };
}

function parsePath(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const [, messageType, path] = /^(\w+)=(\/.*)$/.exec(text) ?? [];
  if (messageType === undefined || path === undefined) {
    throw new InvalidArgumentError("write MessageType=path, such as JoinReq=/join.");
  }
  return { ...before, [messageType]: path };
}
