import { Command } from "commander";
import { formatHex } from "../lorawan/hex.ts";
import { deriveRootKeyBytes } from "../root-key/derivation/derive-root-keys.ts";
import { ALL_SUITES, formatSuite, parseSuite, type Suite } from "../root-key/suite.ts";
import { addSecretOption, requireSecret, SECRET_HELP } from "./connections/secret-options.ts";
import { parsedBy } from "./options.ts";

const KEY_LENGTH_BYTES = 16;

/** `warren kdf`: the key derivation of a root key update, for known answers and other implementations. */
export function kdfCommand(): Command {
  const command = new Command("kdf")
    .description(
      "Derives the next root keys and prints them as JSON on one line, all in hex:\n" +
        '{"kdk":"...","nwkKey":"...","appKey":"..."}',
    )
    .requiredOption(
      "--suite <name>",
      `one of ${suiteNames()}`,
      parsedBy(parseSuite, `use one of ${suiteNames()}.`),
    );
  addSecretOption(command, "nwk-key", "the old NwkKey, 16 bytes");
  addSecretOption(command, "app-key", "the old AppKey, 16 bytes");
  addSecretOption(command, "context", "the context, 96 bytes in an update; it holds session keys");
  return command.addHelpText("after", SECRET_HELP).action((options: { suite: Suite }) => {
    const derived = deriveRootKeyBytes({
      suite: options.suite,
      nwkKey: requireSecret(command, "nwk-key", KEY_LENGTH_BYTES),
      appKey: requireSecret(command, "app-key", KEY_LENGTH_BYTES),
      context: requireSecret(command, "context"),
    });
    console.log(
      JSON.stringify({
        kdk: formatHex(derived.kdk),
        nwkKey: formatHex(derived.nwkKey),
        appKey: formatHex(derived.appKey),
      }),
    );
  });
}

function suiteNames(): string {
  return ALL_SUITES.map(formatSuite).join(", ");
}
