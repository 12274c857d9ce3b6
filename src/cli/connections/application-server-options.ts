import { type Command, InvalidArgumentError } from "commander";
import { WarrenError } from "../../errors.ts";
import type { ApplicationServerAddress } from "../../network-server/outbox/application-server-address.ts";
import { parseUrl } from "../options.ts";
import { readTokenFile } from "./token-file.ts";

/** The Application Servers of a Network Server, by AS-ID. */
export interface ApplicationServerOptions {
  /** Base URLs. */
  readonly applicationServer?: ReadonlyMap<string, string>;
  /** Paths. */
  readonly applicationServerTokenFile?: ReadonlyMap<string, string>;
}

const DEFAULT_ADDRESSES: ReadonlyMap<string, string> = new Map([
  ["warren-as", "http://127.0.0.1:7090"],
]);

/** `--application-server` and `--application-server-token-file`. */
export function addApplicationServerOptions(command: Command): Command {
  return command
    .option(
      "--application-server <AS-ID=URL>",
      "where uplinks of an Application Server's devices go; may be repeated " +
        "(default: warren-as=http://127.0.0.1:7090)",
      parseAddress,
    )
    .option(
      "--application-server-token-file <AS-ID=file>",
      "file with the token that this server and that one show each other; may be repeated",
      parseTokenFile,
    );
}

/** @throws WarrenError `configuration-invalid` for a token that cannot be read, or is of nobody */
export function applicationServersOf(
  options: ApplicationServerOptions,
): ReadonlyMap<string, ApplicationServerAddress> {
  const { applicationServer = DEFAULT_ADDRESSES, applicationServerTokenFile = new Map() } = options;
  for (const asId of applicationServerTokenFile.keys()) {
    if (applicationServer.has(asId)) continue;
    throw new WarrenError(
      "configuration-invalid",
      `--application-server-token-file names ${asId}, which no --application-server does`,
    );
  }
  return new Map(
    [...applicationServer].map(([asId, url]) => {
      const file = applicationServerTokenFile.get(asId);
      return [asId, { url, token: file === undefined ? undefined : readTokenFile(file) }];
    }),
  );
}

function parseAddress(
  text: string,
  before: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const [asId, url] = namedValue(text, "AS-ID=URL, such as warren-as=http://127.0.0.1:7090.");
  return new Map([...(before ?? []), [asId, parseUrl(url)]]);
}

function parseTokenFile(
  text: string,
  before: ReadonlyMap<string, string> | undefined,
): ReadonlyMap<string, string> {
  const named = namedValue(text, "AS-ID=file, such as warren-as=/etc/warren/application-token.");
  return new Map([...(before ?? []), named]);
}

function namedValue(text: string, form: string): [asId: string, value: string] {
  const [, asId, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (asId === undefined || value === undefined) throw new InvalidArgumentError(`write ${form}`);
  return [asId, value];
}
