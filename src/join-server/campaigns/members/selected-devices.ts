import type { Eui64 } from "../../../lorawan/identifiers.ts";
import type { DevEuiPage, DeviceStore } from "../../ports/device-store.ts";
import type { CampaignSelection } from "../campaign.ts";

/** DevEUIs of a selection in their order, after `after`; of a list also those that no device has. */
export async function findSelected(
  store: Pick<DeviceStore, "findDevEuis">,
  selection: CampaignSelection,
  limit: number,
  after?: Eui64,
): Promise<DevEuiPage> {
  if (selection.kind === "query") return await store.findDevEuis(selection.query, limit, after);
  const rest =
    after === undefined
      ? selection.devEuis
      : selection.devEuis.slice(selection.devEuis.findLastIndex((devEui) => devEui <= after) + 1);
  const devEuis = rest.slice(0, limit);
  return { devEuis, next: rest.length > limit ? devEuis.at(-1) : undefined };
}
