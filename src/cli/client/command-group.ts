import { Command } from "commander";
import type { ApiClient } from "../api-client/api-client.ts";
import {
  API_HELP,
  type ApiOptions,
  addApiOptions,
  withApiClient,
} from "../api-client/api-options.ts";

/** What every command has that shows something of a Join Server. */
export interface ClientOptions extends ApiOptions {
  readonly json: boolean;
}

/** A command that has only commands of its own. */
export function commandGroup(name: string, description: string, commands: Command[]): Command {
  const group = new Command(name).description(description).helpCommand(false);
  for (const command of commands) group.addCommand(command);
  return group.addHelpText("after", API_HELP);
}

/** Adds `--json` and the options of the connection, which come last in the help. */
export function addClientOptions(command: Command): Command {
  return addApiOptions(
    command.optionsGroup("The Join Server:").option("--json", "print JSON", false),
  );
}

/** The action of a command: a connection for as long as it takes. */
export function withApi<O extends ApiOptions, A extends unknown[]>(
  work: (api: ApiClient, options: O, ...args: A) => Promise<void>,
): (...given: [...A, O]) => Promise<void> {
  return (...given) => {
    const options = given[given.length - 2] as unknown as O;
    const args = given.slice(0, -2) as unknown as A;
    return withApiClient(options, (api) => work(api, options, ...args));
  };
}
