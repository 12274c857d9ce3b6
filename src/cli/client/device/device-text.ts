import type { DeviceView } from "../../../server/join-server/admin/schemas/device-answers.ts";
import { type Column, formatMembers, formatTable } from "../../api-client/print.ts";

const COLUMNS: readonly Column<DeviceView>[] = [
  { heading: "DevEUI", text: ({ devEui }) => devEui },
  { heading: "Name", text: ({ name }) => name },
  { heading: "JoinEUI", text: ({ joinEui }) => joinEui },
  { heading: "Version", text: ({ macVersion }) => macVersion },
  { heading: "NetID", text: ({ homeNetId }) => homeNetId },
  { heading: "AS-ID", text: ({ asId }) => asId },
  { heading: "Joins", text: ({ joinNonce }) => joinNonce },
  { heading: "", text: ({ isDisabled }) => (isDisabled ? "disabled" : "") },
];

export function formatDeviceTable(devices: readonly DeviceView[]): string {
  return devices.length === 0 ? "no devices" : formatTable(COLUMNS, devices);
}

/** All that people want of one device; sessions and fingerprints in full are in the JSON. */
export function formatDeviceText(device: DeviceView): string {
  const { rootKeys, update } = device;
  const tags = Object.entries(device.tags).map(([name, value]) => `${name}=${value}`);
  const members = formatMembers({
    DevEUI: device.devEui,
    Name: device.name,
    Description: device.description,
    Tags: tags.join(", "),
    JoinEUI: device.joinEui,
    "LoRaWAN version": device.macVersion,
    "Network Server": device.homeNetId,
    "Application Server": device.asId,
    Disabled: device.isDisabled ? "yes: every request for it is refused" : "",
    "Takes any JoinEUI": device.allowsForeignJoinEui ? "yes" : "",
    "Last JoinNonce": device.joinNonce,
    "Last DevNonce": device.lastDevNonce,
    "Last RJcount1": device.rjCount1,
    DevAddr: device.devAddr,
    Sessions: device.sessions.length,
    "Root keys": `generation ${device.generation}, fingerprints ${rootKeys.nwkKey} and ${rootKeys.appKey}`,
    "Last update": update === null ? "" : `${update.status} (${update.suite}, ${update.startedAt})`,
    Created: device.createdAt,
  });
  return [members, ...warningsOf(device)].join("\n");
}

function warningsOf({ warnings }: DeviceView): string[] {
  return (warnings ?? []).map(({ message }) => `warning: ${message}`);
}
