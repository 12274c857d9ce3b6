import type { DeviceConditions } from "../../../campaigns/conditions-text.ts";
import { type CampaignForm, EMPTY_FORM } from "./campaign-form.ts";

const CONDITIONS: readonly (keyof DeviceConditions)[] = [
  "devEuiPrefix",
  "joinEui",
  "homeNetId",
  "asId",
  "macVersion",
  "generation",
  "updateStatus",
  "isDisabled",
  "deviceProfile",
  "text",
];

/**
 * The form as another page begins it: with `{devEuis}`, devices that were chosen one by one, or `{query}`, a
 * search, in the state of the route. Anything else is a form for all devices.
 */
export function formOfRouteState(state: unknown): CampaignForm {
  const { devEuis, query } = (state ?? {}) as { devEuis?: unknown; query?: unknown };
  if (Array.isArray(devEuis)) return { ...EMPTY_FORM, which: "list", devEuis: devEuis.join("\n") };
  if (typeof query !== "object" || query === null) return EMPTY_FORM;
  const given = Object.entries(query).filter(([name]) =>
    (CONDITIONS as readonly string[]).includes(name),
  );
  if (given.length === 0) return EMPTY_FORM;
  return { ...EMPTY_FORM, which: "search", query: Object.fromEntries(given) as DeviceConditions };
}
