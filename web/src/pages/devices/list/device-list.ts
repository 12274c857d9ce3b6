import type { DeviceSummary } from "../../../api/generated/warren-api.ts";

/** What a line of the list shows: of 100,000 devices the browser keeps no more than this. */
export interface DeviceRow {
  readonly devEui: string;
  readonly name: string;
  readonly macVersion: string;
  readonly generation: number;
  readonly generationSince: string;
  readonly updateStatus: NonNullable<DeviceSummary["update"]>["status"] | null;
  readonly updateReason: string | null;
  readonly lastJoinAt: string | null;
  readonly isDisabled: boolean;
}

/** Devices in the order of their DevEUI, without gaps from the first to `next`. */
export interface DeviceList {
  readonly rows: readonly DeviceRow[];
  /** Where to go on; null when the last device is there. */
  readonly next: string | null;
}

export function rowOf(device: DeviceSummary): DeviceRow {
  return {
    devEui: device.devEui,
    name: device.name,
    macVersion: device.macVersion,
    generation: device.generation,
    generationSince: device.generationSince,
    updateStatus: device.update?.status ?? null,
    updateReason: device.update?.reason ?? null,
    lastJoinAt: device.lastJoinAt,
    isDisabled: device.isDisabled,
  };
}

/**
 * The list with a page of the server in place of what it had between `after` and the end of the page: so the
 * list grows, and so a part of it that is on the screen is brought up to date without asking for the rest.
 *
 * @param after what the page was asked for; undefined: from the first device
 */
export function mergePage(
  list: DeviceList | undefined,
  after: string | undefined,
  page: DeviceList,
): DeviceList {
  if (list === undefined) return page;
  const head = after === undefined ? 0 : firstAfter(list.rows, after);
  if (page.next === null) return { rows: [...list.rows.slice(0, head), ...page.rows], next: null };
  const tail = Math.max(head, firstAfter(list.rows, page.next));
  return {
    rows: [...list.rows.slice(0, head), ...page.rows, ...list.rows.slice(tail)],
    next: list.next === null || list.next > page.next ? list.next : page.next,
  };
}

/** Index of the first row behind a DevEUI, by halves. */
function firstAfter(rows: readonly DeviceRow[], devEui: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && row.devEui <= devEui) low = middle + 1;
    else high = middle;
  }
  return low;
}
