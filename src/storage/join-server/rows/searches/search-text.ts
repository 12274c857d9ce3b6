import type { DeviceSettings } from "../../../../join-server/device.ts";

/** What a search by text looks at: name, description and values of tags, in lower case. */
export function searchTextOf(
  device: Pick<DeviceSettings, "name" | "description" | "tags">,
): string {
  return foldCase([device.name, device.description, ...Object.values(device.tags)].join("\n"));
}

/** In one place for both databases, which fold letters beyond ASCII differently. */
export function foldCase(text: string): string {
  return text.toLowerCase().trim();
}
