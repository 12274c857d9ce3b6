import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { LabelledKek } from "../../backend/key-envelope.ts";
import { importKek } from "../../crypto/key-wrap.ts";
import { WarrenError } from "../../errors.ts";
import { parseHex } from "../../lorawan/hex.ts";

/** The KEK that a server shares with the Join Server; both members or none. */
export interface KekOptions {
  readonly kekFile?: string;
  readonly kekLabel?: string;
}

/** `--kek-file` and `--kek-label`. */
export function addKekOptions(command: Command): Command {
  return command
    .option("--kek-file <file>", "file with the KEK shared with the Join Server, in hex")
    .option("--kek-label <text>", "the label of that KEK");
}

/** @throws WarrenError `configuration-invalid`; the message never repeats the file's text */
export function loadKek({ kekFile, kekLabel }: KekOptions): LabelledKek[] {
  if (kekFile === undefined && kekLabel === undefined) return [];
  if (kekFile === undefined || kekLabel === undefined || kekLabel === "") {
    throw new WarrenError("configuration-invalid", "--kek-file and --kek-label belong together");
  }
  try {
    return [{ label: kekLabel, kek: importKek(parseHex(readFileSync(kekFile, "utf8").trim())) }];
  } catch (error) {
    throw new WarrenError(
      "configuration-invalid",
      `${kekFile} must hold a KEK of 16, 24 or 32 bytes as hex text`,
      { cause: error },
    );
  }
}
