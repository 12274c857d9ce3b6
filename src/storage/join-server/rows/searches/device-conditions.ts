import type { DeviceQuery } from "../../../../join-server/ports/device-store.ts";
import { foldCase } from "./search-text.ts";
import type { SqlCondition } from "./sql-condition.ts";

type EqualColumn =
  | "join_eui"
  | "home_net_id"
  | "as_id"
  | "mac_version"
  | "generation"
  | "update_status"
  | "is_disabled"
  | "device_profile";

/** A query as conditions that must all hold. */
export interface DeviceConditions {
  /**
   * What an index in the order of DevEUI answers by itself: on the DevEUI, or the condition of an index of few devices.
   * None when all devices have to be looked at.
   */
  readonly range: readonly SqlCondition[];
  /** On other columns: what they refuse has been looked at. */
  readonly filters: readonly SqlCondition[];
}

/** @param position the database's function that says where in its first argument the second one stands */
export function deviceConditions(
  query: DeviceQuery,
  position: "instr" | "strpos",
): DeviceConditions {
  const equals: readonly [EqualColumn, string | number | undefined][] = [
    ["join_eui", query.joinEui],
    ["home_net_id", query.homeNetId],
    ["as_id", query.asId],
    ["mac_version", query.macVersion],
    ["generation", query.generation],
    ["update_status", query.updateStatus],
    ["is_disabled", query.isDisabled === undefined ? undefined : Number(query.isDisabled)],
    ["device_profile", query.deviceProfile],
  ];
  const prefix = query.devEuiPrefix?.toLowerCase() ?? "";
  const contains = foldCase(query.text ?? "");
  const { generationAtMost } = query;
  return {
    // "g" is the first letter after the hex digits.
    range:
      prefix === ""
        ? []
        : [{ text: "dev_eui >= ? AND dev_eui < ?", values: [prefix, `${prefix}g`] }],
    filters: [
      ...equals.flatMap(([column, value]) =>
        value === undefined ? [] : [{ text: `${column} = ?`, values: [value] }],
      ),
      ...(generationAtMost === undefined
        ? []
        : [{ text: "generation <= ?", values: [generationAtMost] }]),
      ...(contains === "" ? [] : [{ text: `${position}(search_text, ?) > 0`, values: [contains] }]),
    ],
  };
}
