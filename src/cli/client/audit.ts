import { Command } from "commander";
import type { Static } from "typebox";
import { WarrenError } from "../../errors.ts";
import type { ChainPoint } from "../../join-server/audit/audit-chain.ts";
import { checkAuditLog } from "../../join-server/audit/check-audit-log.ts";
import type {
  AuditEntryView,
  AuditPageView,
} from "../../server/join-server/admin/schemas/other-schemas.ts";
import type { ApiClient } from "../api-client/api-client.ts";
import { type Column, formatTable, print } from "../api-client/print.ts";
import { parsedBy, wholeNumber } from "../options.ts";
import { addClientOptions, type ClientOptions, commandGroup, withApi } from "./command-group.ts";

type Entry = Static<typeof AuditEntryView>;
type Page = Static<typeof AuditPageView>;

const PAGE = 1_000;

const COLUMNS: readonly Column<Entry>[] = [
  { heading: "No.", text: ({ seq }) => seq },
  { heading: "When", text: ({ at }) => new Date(at).toISOString().slice(0, 19) },
  { heading: "Who", text: ({ actor }) => actor },
  { heading: "What", text: ({ action }) => action },
  { heading: "To", text: ({ subject }) => subject },
  { heading: "Details", text: ({ details }) => JSON.stringify(details) },
];

/** `warren audit`: who changed what, and who read keys. */
export function auditCommand(): Command {
  return commandGroup("audit", "The audit log of a Join Server.", [listCommand(), verifyCommand()]);
}

interface ListOptions extends ClientOptions {
  readonly limit: number;
  readonly after?: number;
}

function listCommand(): Command {
  const command = new Command("list")
    .description("Lists changes and key reads, the newest ones last.")
    .option("--limit <n>", "how many", wholeNumber(1, PAGE), 50)
    .option(
      "--after <number>",
      "those after this one, in place of the newest",
      wholeNumber(0, 1e15),
    );
  return addClientOptions(command).action(
    withApi(async (api, { limit, after, json }: ListOptions) => {
      const from = after ?? Math.max(0, (await headSeq(api)) - limit);
      const { entries } = await api.get<Page>("/audit", { after: from, limit });
      print(json, entries, () =>
        entries.length === 0 ? "no entries" : formatTable(COLUMNS, entries),
      );
    }),
  );
}

interface VerifyOptions extends ClientOptions {
  readonly expectHead?: string;
}

function verifyCommand(): Command {
  const command = new Command("verify")
    .description(
      "Reads the whole audit log and checks here that no entry was changed, left out or put in. Prints " +
        "the head: note it elsewhere, since entries cut off from the end show only by comparing with one " +
        "noted before. Exit status 1 with the first broken entry.",
    )
    .option(
      "--expect-head <hash>",
      "a head noted before, which must still be in the log",
      parsedBy(parseHash, "64 hex digits."),
    );
  return addClientOptions(command).action(
    withApi(async (api, { expectHead, json }: VerifyOptions) => {
      const head = await verifyLog(api, expectHead);
      print(json, { isIntact: true, head }, () =>
        head.seq === 0
          ? "the audit log is empty"
          : `${head.seq} entries, all as they were written\nhead ${head.hash}`,
      );
    }),
  );
}

/**
 * The head of a log that is intact.
 *
 * @throws WarrenError `audit-log-broken`
 */
export async function verifyLog(
  api: Pick<ApiClient, "get">,
  expectHead: string | undefined,
): Promise<ChainPoint> {
  const verdict = await checkAuditLog(pagesOf(api), { expectHead });
  if (!verdict.isIntact) {
    throw new WarrenError("audit-log-broken", `entry ${verdict.brokenSeq}: ${verdict.problem}`);
  }
  const { head, hasExpectedHead } = verdict;
  if (!hasExpectedHead) {
    throw new WarrenError(
      "audit-log-broken",
      `the entries hang together, but none of the ${head.seq} has the expected head: entries were cut off ` +
        "from the end, or the log was written anew",
    );
  }
  return head;
}

async function* pagesOf(api: Pick<ApiClient, "get">): AsyncGenerator<Entry[]> {
  for (let after: number | null = 0; after !== null; ) {
    const page: Page = await api.get<Page>("/audit", { after, limit: PAGE });
    yield page.entries;
    after = page.next;
  }
}

async function headSeq(api: ApiClient): Promise<number> {
  const { head } = await api.get<Page>("/audit", { limit: 1 });
  return head?.seq ?? 0;
}

/** @throws WarrenError `text-malformed` */
function parseHash(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new WarrenError("text-malformed", "a head is 64 hex digits");
}
