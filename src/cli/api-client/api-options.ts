import { readFileSync } from "node:fs";
import { BlockList, isIP } from "node:net";
import { type Command, Option } from "commander";
import { WarrenError } from "../../errors.ts";
import { parseUrl } from "../options.ts";
import { ApiClient } from "./api-client.ts";

/** What every command has that talks to a Join Server. */
export interface ApiOptions {
  readonly url: string;
  readonly tokenFile: string;
  readonly caFile?: string;
  readonly allowPlainHttp: boolean;
}

/** What to say of these options in every help that has them. */
export const API_HELP = `
WARREN_URL, WARREN_TOKEN_FILE and WARREN_CA_FILE stand for --url, --token-file and --ca-file.`;

/** `--url`, `--token-file`, `--ca-file` and `--allow-plain-http`, the first three also by environment. */
export function addApiOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--url <url>", "administration API of the Join Server")
        .env("WARREN_URL")
        .default("http://127.0.0.1:7071")
        .argParser(parseUrl),
    )
    .addOption(
      new Option("--token-file <file>", "file with the API token")
        .env("WARREN_TOKEN_FILE")
        .default("data/join-server/admin-token"),
    )
    .addOption(
      new Option("--ca-file <file>", "PEM file of the CA to trust, in place of the system's").env(
        "WARREN_CA_FILE",
      ),
    )
    .option("--allow-plain-http", "send the token to another machine without TLS", false)
    .addHelpText("after", API_HELP);
}

/**
 * Runs `work` with a client made from the options and closes it after.
 *
 * @throws WarrenError `configuration-invalid`, and what `work` throws
 */
export async function withApiClient<T>(
  options: ApiOptions,
  work: (api: ApiClient) => Promise<T>,
): Promise<T> {
  const api = openApiClient(options);
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

/** @throws WarrenError `configuration-invalid` */
function openApiClient({ url, tokenFile, caFile, allowPlainHttp }: ApiOptions): ApiClient {
  if (!allowPlainHttp && url.startsWith("http:") && !isLoopback(new URL(url).hostname)) {
    throw new WarrenError(
      "configuration-invalid",
      `${url} is another machine, and without TLS anybody between could read the token; ` +
        "use https://, or --allow-plain-http in a network you trust",
    );
  }
  return new ApiClient({
    url,
    token: readText(tokenFile, "--token-file (WARREN_TOKEN_FILE)").trim(),
    ca: caFile === undefined ? undefined : readText(caFile, "--ca-file (WARREN_CA_FILE)"),
  });
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new WarrenError("configuration-invalid", `cannot read ${file} of ${option} (${code})`, {
      cause: error,
    });
  }
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8);
LOOPBACK.addAddress("::1", "ipv6");

function isLoopback(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(address);
  if (family === 0) return address === "localhost";
  return LOOPBACK.check(address, family === 6 ? "ipv6" : "ipv4");
}
