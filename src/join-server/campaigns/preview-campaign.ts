import { setImmediate as nextTurn } from "node:timers/promises";
import type { ErrorCode } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import { isUnreadable } from "../background/device-errors.ts";
import type { Device } from "../device.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import { isUnderWay } from "../root-key-updates/update-policy.ts";
import type { CampaignSelection, CampaignSettings } from "./campaign.ts";
import { findSelected } from "./members/selected-devices.ts";
import { afterOpenTime } from "./timing/time-window.ts";

/** More devices are not looked at for a preview. */
const LOOKED_AT_MAX = 200_000;
/** Devices are read with their keys, so a page takes some milliseconds during which joins wait. */
const PER_PAGE = 50;
const MINUTE_MS = 60_000;

/** What a campaign would do, from how its devices are now. */
export interface CampaignPreview {
  /** Devices that would be updated. */
  readonly devices: number;
  /** False when there are more devices than were looked at. */
  readonly isComplete: boolean;
  readonly canaries: number;
  readonly generations: Readonly<Record<string, number>>;
  readonly macVersions: Readonly<Record<string, number>>;
  /** Gateways that are known to serve them. */
  readonly gateways: number;
  /** An update of theirs is under way now; its end is waited for. */
  readonly underWay: number;
  /** Devices that were selected and would be left out, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** How long the starts alone take, within the windows; canaries and retries come on top. */
  readonly startsMs: number;
  /** Epoch milliseconds, if it began now. */
  readonly lastStartAt: number;
}

type Store = Pick<DeviceStore, "loadDevice" | "findDevices" | "findDevEuis">;

/** Looks at every device that the settings select, page by page; joins go on in between. */
export async function previewCampaign(
  store: Store,
  settings: CampaignSettings,
  now: number,
): Promise<CampaignPreview> {
  const tally = new Tally(settings);
  let lookedAt = 0;
  let after: Eui64 | undefined;
  do {
    const page = await loadPage(store, settings.selection, after);
    for (const device of page.devices) tally.add(device);
    lookedAt += page.devices.length;
    after = page.next;
    await nextTurn();
  } while (after !== undefined && lookedAt < LOOKED_AT_MAX);
  return tally.preview(now, after === undefined);
}

/** A device, or why there is none to look at. */
type Loaded = Device | ErrorCode;

interface Page {
  readonly devices: readonly Loaded[];
  readonly next: Eui64 | undefined;
}

/** One by one only where they are listed, or one of them cannot be read. */
async function loadPage(
  store: Store,
  selection: CampaignSelection,
  after: Eui64 | undefined,
): Promise<Page> {
  if (selection.kind === "query") {
    try {
      return await store.findDevices(selection.query, PER_PAGE, after);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
  const { devEuis, next } = await findSelected(store, selection, PER_PAGE, after);
  return { devices: await Promise.all(devEuis.map((devEui) => load(store, devEui))), next };
}

async function load(store: Store, devEui: Eui64): Promise<Loaded> {
  try {
    return (await store.loadDevice(devEui)) ?? "device-unknown";
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return error.code;
  }
}

class Tally {
  readonly #settings: CampaignSettings;
  readonly #generations = new Map<string, number>();
  readonly #macVersions = new Map<string, number>();
  readonly #gateways = new Map<string, number>();
  readonly #skipped = new Map<string, number>();
  #devices = 0;
  #underWay = 0;

  constructor(settings: CampaignSettings) {
    this.#settings = settings;
  }

  add(device: Loaded): void {
    if (typeof device === "string") {
      count(this.#skipped, device);
      return;
    }
    const reason = this.#whyNot(device);
    if (reason === undefined) this.#addWanted(device);
    else count(this.#skipped, reason);
  }

  #addWanted(device: Device): void {
    this.#devices += 1;
    if (isUnderWay(device)) this.#underWay += 1;
    count(this.#generations, String(device.rootKeys.generation));
    count(this.#macVersions, device.macVersion);
    if (device.lastGatewayId !== undefined) count(this.#gateways, device.lastGatewayId);
  }

  preview(now: number, isComplete: boolean): CampaignPreview {
    const { startsPerMinute, startsPerMinutePerGateway, windows, canaryShare } = this.#settings;
    const busiest = [...this.#gateways.values()].reduce((most, one) => Math.max(most, one), 0);
    const minutes = Math.max(this.#devices / startsPerMinute, busiest / startsPerMinutePerGateway);
    const startsMs = Math.round(minutes * MINUTE_MS);
    const hasCanary = canaryShare > 0 && this.#devices > 0;
    return {
      devices: this.#devices,
      isComplete,
      canaries: hasCanary ? Math.max(1, Math.round(canaryShare * this.#devices)) : 0,
      generations: Object.fromEntries(this.#generations),
      macVersions: Object.fromEntries(this.#macVersions),
      gateways: this.#gateways.size,
      underWay: this.#underWay,
      skipped: Object.fromEntries(this.#skipped),
      startsMs,
      lastStartAt: Math.round(afterOpenTime(windows, now, startsMs)),
    };
  }

  #whyNot(device: Device): string | undefined {
    if (device.isDisabled) return "device-disabled";
    const { generationAtMost = Number.POSITIVE_INFINITY } = this.#settings;
    return device.rootKeys.generation > generationAtMost ? "generation-newer" : undefined;
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
