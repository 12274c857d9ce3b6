import { WarrenError } from "../../errors.ts";
import { decodeDataFrame } from "../../lorawan/data/data-frame.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { extraChannelsOf } from "../../lorawan/region/cf-list.ts";
import { channelIndexOf } from "../../lorawan/region/channels.ts";
import type { NetworkServerContext } from "../context.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import { type AcceptedData, acceptData } from "./accept-data.ts";
import { resolveSession } from "./resolve-session.ts";

/**
 * Verifies a data uplink and stores what it changes; nothing has been sent yet when this returns.
 *
 * @throws WarrenError `frame-…`, `mic-mismatch`, `session-unknown`
 */
export function storeDataUplink(
  { store, settings }: Pick<NetworkServerContext, "store" | "settings">,
  uplink: ReceivedUplink,
): AcceptedData & { readonly devEui: Eui64 } {
  const frame = decodeDataFrame(uplink.phyPayload);
  if (!frame.isUplink) throw new WarrenError("frame-malformed", "a downlink of another network");
  const { region } = settings;
  const { phyPayload, best } = uplink;
  const extraChannels = extraChannelsOf(region, region.defaultCfList);
  const resolved = resolveSession(store.findDevicesByDevAddr(frame.devAddr), {
    phyPayload,
    frame,
    txDr: best.dataRate,
    txCh: channelIndexOf(region, best.frequencyHz, extraChannels),
  });
  const { devEui } = resolved.device;
  const accepted = store.changeDevice(devEui, (device) => {
    // The same state read again: nothing else runs between the two reads.
    const session = device[resolved.slot] ?? resolved.session;
    return acceptData({ ...resolved, device, session, frame, uplink }, settings);
  });
  return { ...accepted, devEui };
}
