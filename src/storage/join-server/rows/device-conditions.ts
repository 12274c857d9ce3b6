import type { DeviceQuery } from "../../../join-server/ports/device-store.ts";
import { foldCase } from "./search-text.ts";

/** What a column of `devices` must be. */
export type DeviceCondition =
  | { readonly column: "search_text"; readonly contains: string }
  | {
      readonly column: "dev_eui";
      /** The first DevEUI wanted, and the first text that sorts after all of them. */
      readonly from: string;
      readonly before: string;
    }
  | { readonly column: EqualColumn; readonly equals: string | number };

type EqualColumn =
  | "join_eui"
  | "home_net_id"
  | "as_id"
  | "mac_version"
  | "generation"
  | "update_status"
  | "is_disabled";

/** A query as conditions that must all hold; none for a query that asks for nothing. */
export function deviceConditions(query: DeviceQuery): DeviceCondition[] {
  const equals: readonly [EqualColumn, string | number | undefined][] = [
    ["join_eui", query.joinEui],
    ["home_net_id", query.homeNetId],
    ["as_id", query.asId],
    ["mac_version", query.macVersion],
    ["generation", query.generation],
    ["update_status", query.updateStatus],
    ["is_disabled", query.isDisabled === undefined ? undefined : Number(query.isDisabled)],
  ];
  return [
    ...devEuiCondition(query.devEuiPrefix?.toLowerCase() ?? ""),
    ...equals.flatMap(([column, value]) =>
      value === undefined ? [] : [{ column, equals: value }],
    ),
    ...textCondition(foldCase(query.text ?? "")),
  ];
}

function devEuiCondition(prefix: string): DeviceCondition[] {
  // "g" is the first letter after the hex digits.
  return prefix === "" ? [] : [{ column: "dev_eui", from: prefix, before: `${prefix}g` }];
}

function textCondition(contains: string): DeviceCondition[] {
  return contains === "" ? [] : [{ column: "search_text", contains }];
}
