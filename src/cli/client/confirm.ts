import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { usageError } from "../connections/secret-options.ts";

/**
 * Asks on the terminal whether to go on. Where there is nobody to ask, the command has to say `--yes`.
 *
 * @returns whether the answer was yes
 */
export async function confirm(command: Command, question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    usageError(command, "there is no terminal to ask on; look at what it shows, then add --yes");
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
