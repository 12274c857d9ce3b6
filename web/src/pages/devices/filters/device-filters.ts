import type { getDeviceSummaries } from "../../../api/generated/warren-api.ts";

type DeviceQuery = Omit<Parameters<typeof getDeviceSummaries>[0], "limit" | "after">;
/** As the address has it: text, whatever was typed. */
export type FilterName = keyof DeviceQuery;
export type DeviceFilters = Readonly<Partial<Record<FilterName, string>>>;

export const MAC_VERSIONS = ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const;
export const UPDATE_STATUSES = [
  "prepared",
  "accepted",
  "confirmed",
  "committed",
  "failed",
] as const;

/** What is wrong with a text, for the user; undefined when it can be searched for. */
type Check = (text: string) => string | undefined;

const hex =
  (digits: number): Check =>
  (text) =>
    new RegExp(`^[0-9a-f]{${digits}}$`, "i").test(text) ? undefined : `${digits} hex digits`;
const oneOf =
  (values: readonly string[]): Check =>
  (text) =>
    values.includes(text) ? undefined : `one of ${values.join(", ")}`;

const CHECKS: Readonly<Record<FilterName, Check>> = {
  text: (text) => (text.length <= 128 ? undefined : "at most 128 characters"),
  devEuiPrefix: (text) => (/^[0-9a-f]{1,16}$/i.test(text) ? undefined : "1 to 16 hex digits"),
  joinEui: hex(16),
  homeNetId: hex(6),
  asId: (text) => (/^[!-~]{1,64}$/.test(text) ? undefined : "1 to 64 characters without spaces"),
  macVersion: oneOf(MAC_VERSIONS),
  generation: (text) =>
    /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? undefined : "0 to 65,535",
  updateStatus: oneOf(UPDATE_STATUSES),
  isDisabled: oneOf(["true", "false"]),
  deviceProfile: (text) => (text.length <= 64 ? undefined : "at most 64 characters"),
};
export const FILTER_NAMES = Object.keys(CHECKS) as readonly FilterName[];

/** What is wrong with a filter, in words for beside its field; undefined for an empty one. */
export function filterMistake(name: FilterName, text: string | undefined): string | undefined {
  return text === undefined ? undefined : CHECKS[name](text);
}

/** The filters in an address; members of others are left alone. */
export function readFilters(search: URLSearchParams): DeviceFilters {
  const entries = FILTER_NAMES.flatMap((name) => {
    const text = search.get(name)?.trim();
    return text === undefined || text === "" ? [] : [[name, text] as const];
  });
  return Object.fromEntries(entries);
}

/** The address with filters in place of those it had. An empty text takes a filter away. */
export function withFilters(search: URLSearchParams, changes: DeviceFilters): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of FILTER_NAMES) {
    if (!(name in changes)) continue;
    const text = changes[name]?.trim() ?? "";
    if (text === "") next.delete(name);
    else next.set(name, text);
  }
  return next;
}

/** What the server is asked for; filters that make no sense yet, as while they are typed, ask for nothing. */
export function queryOf(filters: DeviceFilters): DeviceQuery {
  const query: Record<string, unknown> = {};
  for (const name of FILTER_NAMES) {
    const text = filters[name];
    if (text === undefined || CHECKS[name](text) !== undefined) continue;
    query[name] = parseFilter(name, text);
  }
  return query;
}

function parseFilter(name: FilterName, text: string): string | number | boolean {
  if (name === "generation") return Number(text);
  if (name === "isDisabled") return text === "true";
  return text;
}
