import { Command } from "commander";
import type { Static } from "typebox";
import type { SignInCodeView } from "../../server/join-server/console/session-schemas.ts";
import { print } from "../api-client/print.ts";
import { addClientOptions, type ClientOptions, withApi } from "./command-group.ts";

/** `warren console`: the way into the web console. */
export function consoleCommand(): Command {
  const command = new Command("console").description(
    "Prints a link that signs a browser in to the console of a Join Server, with the rights of the token. It " +
      "is for one sign-in within ten minutes: whoever has it can use it, so hand it on like a password.",
  );
  return addClientOptions(command).action(
    withApi(async (api, { url, json }: ClientOptions) => {
      type Code = Static<typeof SignInCodeView>;
      const { code, expiresAt } = await api.call<Code>("POST", "/sign-in-codes");
      const address = `${url}/console/`;
      const link = signInLink(url, code);
      print(json, { address, link, expiresAt }, () => link);
    }),
  );
}

/** What stands behind the # is never sent to a server, so it is in no log on the way. */
export function signInLink(url: string, code: string): string {
  return `${url}/console/sign-in#${code}`;
}
