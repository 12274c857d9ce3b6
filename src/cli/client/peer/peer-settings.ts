import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { WarrenError } from "../../../errors.ts";
import { decimalNumber, parseUrl, wholeNumber } from "../../options.ts";
import { readHexFile, readSecretText } from "../keys/secret-files.ts";

/** Settings of a peer as options give them. */
export interface PeerSettingsOptions {
  readonly kekFile?: string;
  readonly kekLabel?: string;
  readonly allowed?: boolean;
  readonly authentication?: "loopback" | "bearer" | "mutual-tls";
  readonly bearerTokenFile?: string;
  readonly peerCaFile?: string;
  readonly certificateSha256?: readonly string[];
  readonly peerName?: readonly string[];
  readonly answers?: "sync" | "async";
  readonly routeUrl?: string;
  readonly routeCaFile?: string;
  readonly routeAuthorizationFile?: string;
  readonly routeProtocolVersion?: "1.0" | "1.1";
  readonly routeSenderNsId?: string;
  readonly requestsPerSecond?: number;
  readonly burst?: number;
}

/** The options of every kind of peer. */
export function addPeerOptions(command: Command): Command {
  return command
    .optionsGroup("Keys for it:")
    .option("--kek-file <file>", "file with the KEK shared with it, in hex; needed the first time")
    .option("--kek-label <text>", "the label of that KEK; its own name without")
    .optionsGroup("Who it is:")
    .option("--allowed", "answer it")
    .option("--no-allowed", "refuse every request of it")
    .addOption(
      new Option(
        "--authentication <kind>",
        "how it shows that it is who its SenderID says",
      ).choices(["loopback", "bearer", "mutual-tls"]),
    )
    .option("--bearer-token-file <file>", "bearer: file with the token it sends")
    .option("--peer-ca-file <file>", "mutual-tls: PEM file of the CA of its certificate")
    .option("--certificate-sha256 <hex...>", "mutual-tls: SHA-256 of the certificates it may show")
    .option("--peer-name <name...>", "mutual-tls: names of which its certificate has one")
    .option("--requests-per-second <n>", "rate limit", decimalNumber(0.001, 1_000_000))
    .option("--burst <n>", "how many requests at once", wholeNumber(1, 1_000_000))
    .optionsGroup("Where it takes messages of the Join Server:")
    .option("--route-url <url>", "its URL", parseUrl)
    .option("--route-ca-file <file>", "PEM file of the CA of its server certificate")
    .option("--route-authorization-file <file>", "file with the Authorization header to send")
    .addOption(
      new Option("--route-protocol-version <version>", "of the Backend Interfaces").choices([
        "1.0",
        "1.1",
      ]),
    )
    .option("--route-sender-ns-id <eui>", "SenderNSID to send under 1.1")
    .addOption(
      new Option("--answers <kind>", "in the HTTP response, or as a message to the route").choices([
        "sync",
        "async",
      ]),
    );
}

/** As the API takes them; what is not given is left out. */
export function peerSettingsOf(options: PeerSettingsOptions): Record<string, unknown> {
  const { kekFile, kekLabel, allowed, answers } = options;
  return {
    ...(kekFile !== undefined && { kek: readHexFile("--kek-file", kekFile, [16, 24, 32]) }),
    ...(kekLabel !== undefined && { kekLabel }),
    ...(allowed !== undefined && { isAllowed: allowed }),
    ...(answers !== undefined && { answers }),
    ...authenticationOf(options),
    ...rateLimitOf(options),
    ...routeOf(options),
  };
}

function authenticationOf(options: PeerSettingsOptions): object {
  const { authentication, bearerTokenFile, peerCaFile, certificateSha256, peerName } = options;
  const kind = authentication ?? (bearerTokenFile && "bearer") ?? (peerCaFile && "mutual-tls");
  switch (kind ?? (certificateSha256 && "mutual-tls")) {
    case "loopback":
      return { authentication: { kind: "loopback" } };
    case "bearer": {
      if (bearerTokenFile === undefined) throw needed("--bearer-token-file");
      const token = readSecretText("--bearer-token-file", bearerTokenFile);
      return { authentication: { kind: "bearer", token } };
    }
    case "mutual-tls":
      return {
        authentication: {
          kind: "mutual-tls",
          ...(peerCaFile !== undefined && { ca: readPem("--peer-ca-file", peerCaFile) }),
          ...(certificateSha256 !== undefined && { certificateSha256 }),
          ...(peerName !== undefined && { names: peerName }),
        },
      };
    default:
      if (peerName !== undefined) throw needed("--authentication mutual-tls");
      return {};
  }
}

function rateLimitOf({ requestsPerSecond, burst }: PeerSettingsOptions): object {
  if (requestsPerSecond === undefined && burst === undefined) return {};
  if (requestsPerSecond === undefined) throw needed("--requests-per-second");
  const rateLimit = {
    perSecond: requestsPerSecond,
    burst: burst ?? Math.max(1, Math.ceil(requestsPerSecond)),
  };
  return { rateLimit };
}

function routeOf(options: PeerSettingsOptions): object {
  const { routeUrl, routeCaFile, routeAuthorizationFile } = options;
  const { routeProtocolVersion: protocolVersion, routeSenderNsId: senderNsId } = options;
  const others = {
    ...(routeCaFile !== undefined && { ca: readPem("--route-ca-file", routeCaFile) }),
    ...(routeAuthorizationFile !== undefined && {
      authorization: readSecretText("--route-authorization-file", routeAuthorizationFile),
    }),
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(senderNsId !== undefined && { senderNsId }),
  };
  if (routeUrl !== undefined) return { route: { url: routeUrl, ...others } };
  // A route is set as a whole.
  if (Object.keys(others).length > 0) throw needed("--route-url");
  return {};
}

function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `${option}: cannot read ${file} (${code})`, {
      cause: error,
    });
  }
}

function needed(option: string): WarrenError {
  return new WarrenError(
    "configuration-invalid",
    `${option} is needed with the other options given`,
  );
}
