import { WarrenError } from "../errors.ts";
import { type MacVersion, parseMacVersion } from "../lorawan/mac-version.ts";

const SPELLING = /^(?:MAC_V|LORAWAN_|V)?(\d)[._](\d)(?:[._](\d))?(?:-.*)?$/i;

/**
 * The version of LoRaWAN as any of the formats writes it: `1.0.3`, The Things Stack's `MAC_V1_0_3`
 * (MACVersion of its API) and ChirpStack's `LORAWAN_1_0_3` (MacVersion of its API). What follows a hyphen,
 * as in `1.0.2-b`, is a revision of the regional parameters.
 *
 * @throws WarrenError `text-malformed`
 */
export function parseVersionName(text: string): MacVersion {
  const [, major, minor, patch = "0"] = SPELLING.exec(text.trim()) ?? [];
  try {
    return parseMacVersion(`${major}.${minor}.${patch}`);
  } catch {
    throw new WarrenError(
      "text-malformed",
      "the LoRaWAN version must be one from 1.0.0 to 1.1.0, such as 1.0.3 or MAC_V1_0_3",
    );
  }
}

/** As The Things Stack writes it: `MAC_V1_0`, `MAC_V1_0_1` … `MAC_V1_1`. */
export function formatTtsVersion(version: MacVersion): string {
  return `MAC_V${version.replace(/^(1\.\d)\.0$/, "$1").replaceAll(".", "_")}`;
}
