import type { DecodeMacCommandsOptions } from "../../../lorawan/mac-commands/mac-commands.ts";
import { isLorawan11, type MacVersion } from "../../../lorawan/mac-version.ts";
import type { Session } from "../session.ts";

type CommandVersion = NonNullable<DecodeMacCommandsOptions["version"]>;

const SHORT_NAMES: Readonly<Partial<Record<MacVersion, CommandVersion>>> = {
  "1.0.0": "1.0",
  "1.1.0": "1.1",
};

/**
 * The version whose MAC commands a device knows in this session: its own, or 1.0.4 on a 1.1 device
 * that a 1.0 network has put back (LoRaWAN 1.1 §6.2.3, OptNeg).
 */
export function macCommandVersion(version: MacVersion, session: Session): CommandVersion {
  if (isLorawan11(version) && !session.isLorawan11) return "1.0.4";
  return SHORT_NAMES[version] ?? (version as CommandVersion);
}
