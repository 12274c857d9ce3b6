import { WarrenError } from "../../../errors.ts";
import type {
  CampaignSelection,
  CampaignSettings,
} from "../../../join-server/campaigns/campaign.ts";
import {
  DEFAULT_CAMPAIGN_SETTINGS,
  listSelection,
} from "../../../join-server/campaigns/new-campaign.ts";
import { parseTimeWindow } from "../../../join-server/campaigns/timing/time-window.ts";
import { parseEui64 } from "../../../lorawan/identifiers.ts";
import { readDeviceQuery, readSuite } from "../admin/read/device-body.ts";
import type { CampaignSettingsBody } from "./campaign-schemas.ts";

/**
 * What a body says, with the default for what it does not.
 *
 * @throws WarrenError `request-malformed` when it does not say which devices; `text-malformed` for a suite, a
 *   version or a time window that there is not
 */
export function readCampaignSettings(body: CampaignSettingsBody): CampaignSettings {
  const { query: _query, devEuis: _devEuis, suite, windows, ...rest } = body;
  return {
    ...DEFAULT_CAMPAIGN_SETTINGS,
    ...rest,
    selection: readSelection(body),
    suite: readSuite(suite),
    windows: (windows ?? []).map(parseTimeWindow),
  };
}

function readSelection({
  query,
  devEuis,
  generationAtMost,
}: CampaignSettingsBody): CampaignSelection {
  if (query !== undefined && devEuis !== undefined) {
    throw new WarrenError("request-malformed", "give a query or devEuis, not both");
  }
  if (devEuis !== undefined) return listSelection(devEuis.map(parseEui64));
  if (query === undefined && generationAtMost === undefined) {
    throw new WarrenError(
      "request-malformed",
      "say which devices: query ({} for all), devEuis or generationAtMost",
    );
  }
  return { kind: "query", query: readDeviceQuery(query ?? {}) };
}
