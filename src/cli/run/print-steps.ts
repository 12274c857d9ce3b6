import { styleText } from "node:util";
import { KEY_NAMES, type KeyView } from "./key-view.ts";
import type { LifeStep } from "./life-of-a-device.ts";
import type { Role } from "./local-network.ts";
import type { DemoDevice } from "./provision.ts";

const ROLE_TITLES: Readonly<Record<Role, string>> = {
  simulator: "end-device",
  "join-server": "Join Server",
  "network-server": "Network Server",
  "application-server": "Application Server",
};
const ROLE_WIDTH = 20;
const KEY_WIDTH = 13;

/**
 * A verified step as a block of lines: what happened, and a table of who holds which key, by fingerprint.
 * Fingerprints that are new since the step before stand out.
 */
export function formatStep(
  device: DemoDevice,
  step: LifeStep,
  previous: KeyView | undefined,
): string {
  const title = `${device.macVersion.padEnd(6)} ${device.devEui}  ${step.title}`;
  const header = `    ${"".padEnd(ROLE_WIDTH)}${KEY_NAMES.map((name) => name.padEnd(KEY_WIDTH)).join("")}`;
  const rows = (Object.keys(ROLE_TITLES) as Role[]).map((role) => {
    const cells = KEY_NAMES.map((name) => {
      const fingerprint = step.view.held[role][name];
      const text = (fingerprint ?? "-").padEnd(KEY_WIDTH);
      if (fingerprint === undefined) return styleText("dim", text);
      return fingerprint === previous?.held[role][name] ? text : styleText("green", text);
    });
    return `    ${ROLE_TITLES[role].padEnd(ROLE_WIDTH)}${cells.join("")}`;
  });
  const generation = `root keys of generation ${step.view.generation}`;
  return [`${styleText("bold", title)}  (${generation})`, styleText("dim", header), ...rows].join(
    "\n",
  );
}

/** Names and addresses as an aligned list. */
export function formatAddresses(addresses: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(addresses).map((name) => name.length)) + 2;
  return Object.entries(addresses)
    .map(([name, address]) => `    ${name.padEnd(width)}${address}`)
    .join("\n");
}
