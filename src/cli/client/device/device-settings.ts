import { type Command, InvalidArgumentError, Option } from "commander";
import { parseEui64, parseNetId } from "../../../lorawan/identifiers.ts";
import { parsedBy } from "../../options.ts";

/** Settings as options give them; absent ones stay, or get their default. */
export interface DeviceSettingsOptions {
  readonly homeNetId?: string;
  readonly asId?: string;
  readonly name?: string;
  readonly description?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly disabled?: boolean;
  readonly foreignJoinEui?: boolean;
  readonly suite?: string;
  readonly deviceProfile?: string;
  readonly carrier?: string;
}

export const parseEuiOption = parsedBy(
  parseEui64,
  "an EUI has 16 hex digits, most significant byte first.",
);

/** The options for everything that can change after registration. */
export function addSettingsOptions(command: Command): Command {
  return command
    .option(
      "--home-net-id <NetID>",
      "NetID of its Network Server",
      parsedBy(parseNetId, "6 hex digits."),
    )
    .option("--as-id <text>", "AS-ID of its Application Server")
    .option("--name <text>", "name for people")
    .option("--description <text>", "description for people")
    .option("--tag <name=value>", "a tag; may be repeated, and replaces all it has", parseTag)
    .option("--suite <name>", "suite of the next root key update")
    .option("--device-profile <name>", "whose update policy holds; empty for none")
    .addOption(
      new Option("--carrier <kind>", "the way of its root key updates").choices([
        "automatic",
        "mac-commands",
        "application-port",
      ]),
    )
    .option("--disabled", "refuse every request for it")
    .option("--no-disabled", "let it join (again)")
    .option("--foreign-join-eui", "1.0.x: let it join with any JoinEUI")
    .option("--no-foreign-join-eui", "let it join with its own JoinEUI only");
}

/** As the API takes them. */
export function settingsOf(options: DeviceSettingsOptions): Record<string, unknown> {
  const { homeNetId, asId, name, description, tag, suite, disabled, foreignJoinEui } = options;
  const { deviceProfile, carrier } = options;
  return Object.fromEntries(
    Object.entries({
      homeNetId,
      asId,
      name,
      description,
      tags: tag,
      suite,
      deviceProfile,
      carrier,
      isDisabled: disabled,
      allowsForeignJoinEui: foreignJoinEui,
    }).filter(([, value]) => value !== undefined),
  );
}

function parseTag(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("a tag looks like serial=A-17.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
