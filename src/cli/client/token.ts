import { writeFileSync } from "node:fs";
import { Command, Option } from "commander";
import { ROLES } from "../../join-server/ports/token-store.ts";
import { listItems } from "../api-client/list-pages.ts";
import { type Column, formatTable, print } from "../api-client/print.ts";
import { wholeNumber } from "../options.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "./command-group.ts";

interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

const COLUMNS: readonly Column<Token>[] = [
  { heading: "ID", text: ({ id }) => id },
  { heading: "Name", text: ({ name }) => name },
  { heading: "Role", text: ({ role }) => role },
  { heading: "Created", text: ({ createdAt }) => createdAt.slice(0, 16) },
  { heading: "Expires", text: ({ expiresAt }) => expiresAt?.slice(0, 16) ?? "never" },
];

const DAY_MS = 24 * 60 * 60 * 1000;

/** `warren token`: who may use the administration API, and for what. */
export function tokenCommand(): Command {
  return commandGroup("token", "API tokens of a Join Server.", [
    listCommand(),
    createCommand(),
    revokeCommand(),
  ]);
}

function listCommand(): Command {
  return addClientOptions(new Command("list").description("Lists the tokens.")).action(
    withApi(async (api, { json }: ClientOptions) => {
      const tokens = await listItems<Token>(api, "/tokens", "tokens", {});
      print(json, tokens, () => (tokens.length === 0 ? "no tokens" : formatTable(COLUMNS, tokens)));
    }),
  );
}

interface CreateOptions extends ClientOptions {
  readonly role: string;
  readonly days?: number;
  readonly out?: string;
}

function createCommand(): Command {
  const command = new Command("create")
    .description("Makes a token. It is shown once, or written to a file for its owner only.")
    .argument("<name>", "whose it is, or what for")
    .addOption(new Option("--role <role>", "what it may do").choices(ROLES).makeOptionMandatory())
    .option("--days <n>", "how long it is valid; for ever without", wholeNumber(1, 36_500))
    .option("--out <file>", "write the token to a new file, for --token-file");
  return addClientOptions(command).action(
    withApi(async (api, { role, days, out, json }: CreateOptions, name: string) => {
      const expiresAt =
        days === undefined ? undefined : new Date(Date.now() + days * DAY_MS).toISOString();
      // The file first: a token that nobody has cannot be shown again.
      if (out !== undefined) writeFileSync(out, "", { flag: "wx", mode: 0o600 });
      const made = await api.call<Token & { token: string }>("POST", "/tokens", {
        body: { name, role, ...(expiresAt !== undefined && { expiresAt }) },
      });
      if (out === undefined) {
        print(json, made, () => made.token);
        return;
      }
      writeFileSync(out, `${made.token}\n`);
      const { token: _token, ...shown } = made;
      print(json, { ...shown, file: out }, () => `token ${made.id} (${role}) is in ${out}`);
    }),
  );
}

function revokeCommand(): Command {
  const command = new Command("revoke")
    .description("Revokes a token at once.")
    .argument("<id>", "its ID, as `warren token list` shows it");
  return addClientOptions(command).action(
    withApi(async (api, { json }: ClientOptions, id: string) => {
      await api.call("DELETE", `/tokens/${encodeURIComponent(id)}`);
      print(json, { id }, () => `token ${id} is revoked`);
    }),
  );
}
