import { get as getPlain } from "node:http";
import { get as getTls } from "node:https";
import { Command } from "commander";
import { WarrenError } from "../../errors.ts";
import type { ListenerSettings } from "../../server/listener-settings.ts";
import { addConfigOptions, type ConfigOptions } from "../config/config-options.ts";
import { loadJoinServerConfig } from "../config/load-config.ts";

const TIMEOUT_MS = 2_500;

/** `warren health`: for a container's health check and for scripts on the same machine. */
export function healthCommand(): Command {
  return addConfigOptions(
    new Command("health").description(
      "Asks the Join Server of this configuration on this machine whether it is ready (GET /readyz of the " +
        "administration port). Exit status 0 if it is.",
    ),
  ).action(async (options: ConfigOptions) => {
    const { admin } = loadJoinServerConfig(options);
    const status = await readyStatus(admin);
    if (status !== 200) {
      throw new WarrenError("peer-refused", `the Join Server is not ready (HTTP ${status})`);
    }
    console.log("ready");
  });
}

/** @throws WarrenError `peer-unreachable` */
function readyStatus({ host, port, tls }: ListenerSettings): Promise<number | undefined> {
  const options = { host: addressOf(host), port, path: "/readyz", timeout: TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    const unreachable = (cause?: Error): void =>
      reject(
        new WarrenError("peer-unreachable", `no Join Server answers on port ${port}`, { cause }),
      );
    const request =
      tls === undefined
        ? getPlain(options)
        : // On this machine, for a yes or no: whose certificate it is does not matter.
          getTls({ ...options, rejectUnauthorized: false });
    request.once("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once("timeout", () => {
      request.destroy();
      unreachable();
    });
    request.once("error", unreachable);
  });
}

/** Where a server that listens on all addresses is reached from its own machine. */
function addressOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}
