import { WarrenError } from "../../errors.ts";
import { decodeDataFrame, type UplinkDataFields } from "../../lorawan/data/data-frame.ts";
import type { DevAddr, Eui64 } from "../../lorawan/identifiers.ts";
import { extraChannelsOf } from "../../lorawan/region/cf-list.ts";
import { channelIndexOf } from "../../lorawan/region/channels.ts";
import type { Channel, Region } from "../../lorawan/region/region.ts";
import type { NetworkServerContext } from "../context.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import type { DeviceStep } from "../store.ts";
import { type AcceptedData, acceptData } from "./accept-data.ts";
import { type ResolvedSession, resolveSession } from "./resolve-session.ts";

/** A data uplink that changes what is stored. */
export interface StoredData {
  readonly uplink: ReceivedUplink;
  readonly devEui: Eui64;
  readonly accepted: AcceptedData;
}

/** What became of data uplinks. */
export interface DataOutcomes {
  readonly stored: readonly StoredData[];
  /** Why the others were not taken: `frame-…`, `mic-mismatch`, `session-unknown`, `storage-failed`. */
  readonly errors: readonly unknown[];
}

interface DecodedUplink {
  readonly uplink: ReceivedUplink;
  readonly frame: UplinkDataFields;
}

interface ResolvedUplink extends DecodedUplink {
  readonly resolved: ResolvedSession;
}

type Context = Pick<NetworkServerContext, "store" | "settings">;

/**
 * Verifies data uplinks and stores what they change, those of different devices together; nothing has been sent
 * yet when this returns.
 */
export function storeDataUplinks(
  context: Context,
  uplinks: readonly ReceivedUplink[],
): DataOutcomes {
  const stored: StoredData[] = [];
  const errors: unknown[] = [];
  let left: readonly DecodedUplink[] = uplinks.flatMap((uplink) => decode(uplink, errors));
  while (left.length > 0) {
    const { group, later } = resolveGroup(context, left, errors);
    storeGroup(context, group, { stored, errors });
    left = later;
  }
  return { stored, errors };
}

function decode(uplink: ReceivedUplink, errors: unknown[]): DecodedUplink[] {
  try {
    const frame = decodeDataFrame(uplink.phyPayload);
    if (!frame.isUplink) throw new WarrenError("frame-malformed", "a downlink of another network");
    return [{ uplink, frame }];
  } catch (error) {
    errors.push(error);
    return [];
  }
}

/**
 * At most one uplink of a device, or of a DevAddr: the next can be judged only by the state that the one before
 * leaves.
 */
function resolveGroup(
  { store, settings }: Context,
  uplinks: readonly DecodedUplink[],
  errors: unknown[],
): { readonly group: readonly ResolvedUplink[]; readonly later: readonly DecodedUplink[] } {
  const { region } = settings;
  const extraChannels = extraChannelsOf(region, region.defaultCfList);
  const devAddrs = new Set<DevAddr>();
  const devEuis = new Set<Eui64>();
  const group: ResolvedUplink[] = [];
  const later: DecodedUplink[] = [];
  for (const decoded of uplinks) {
    const { devAddr } = decoded.frame;
    if (devAddrs.has(devAddr)) {
      later.push(decoded);
      continue;
    }
    devAddrs.add(devAddr);
    try {
      const resolved = resolve(decoded, store, { region, extraChannels });
      const { devEui } = resolved.device;
      if (devEuis.has(devEui)) later.push(decoded);
      else group.push({ ...decoded, resolved });
      devEuis.add(devEui);
    } catch (error) {
      errors.push(error);
    }
  }
  return { group, later };
}

function resolve(
  { uplink, frame }: DecodedUplink,
  store: Pick<NetworkServerContext["store"], "findDevicesByDevAddr">,
  {
    region,
    extraChannels,
  }: { readonly region: Region; readonly extraChannels: readonly Channel[] },
): ResolvedSession {
  const { phyPayload, best } = uplink;
  return resolveSession(store.findDevicesByDevAddr(frame.devAddr), {
    phyPayload,
    frame,
    txDr: best.dataRate,
    txCh: channelIndexOf(region, best.frequencyHz, extraChannels),
  });
}

function storeGroup(
  { store, settings }: Context,
  group: readonly ResolvedUplink[],
  outcomes: { readonly stored: StoredData[]; readonly errors: unknown[] },
): void {
  const steps = group.map(
    ({ uplink, frame, resolved }): DeviceStep<AcceptedData> => ({
      devEui: resolved.device.devEui,
      step: (device) => {
        // The same state read again: nothing else runs between the two reads.
        const session = device[resolved.slot] ?? resolved.session;
        return acceptData({ ...resolved, device, session, frame, uplink }, settings);
      },
    }),
  );
  try {
    for (const [index, outcome] of store.changeDevices(steps).entries()) {
      const { uplink, resolved } = group[index] as ResolvedUplink;
      const { devEui } = resolved.device;
      if ("error" in outcome) outcomes.errors.push(outcome.error);
      else outcomes.stored.push({ uplink, devEui, accepted: outcome.change });
    }
  } catch (error) {
    outcomes.errors.push(error);
  }
}
