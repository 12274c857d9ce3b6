import { setImmediate as nextTurn } from "node:timers/promises";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { Device } from "../device.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import { isUnderWay } from "../root-key-updates/update-policy.ts";
import type { CampaignSettings } from "./campaign.ts";
import { afterOpenTime } from "./timing/time-window.ts";

/** More devices are not looked at for a preview. */
const LOOKED_AT_MAX = 200_000;
/** As of a campaign's preparation: joins wait for a page. */
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

/** Looks at every device that the settings select, page by page; joins go on in between. */
export async function previewCampaign(
  store: Pick<DeviceStore, "loadDevice" | "findDevices">,
  settings: CampaignSettings,
  now: number,
): Promise<CampaignPreview> {
  const tally = new Tally(settings);
  let lookedAt = 0;
  let isComplete = true;
  for await (const devices of pagesOf(store, settings)) {
    for (const device of devices) tally.add(device);
    lookedAt += devices.length;
    if (lookedAt >= LOOKED_AT_MAX) {
      isComplete = false;
      break;
    }
    await nextTurn();
  }
  return tally.preview(now, isComplete);
}

/** Undefined for a device of a list that there is not. */
type MaybeDevice = Device | undefined;

async function* pagesOf(
  store: Pick<DeviceStore, "loadDevice" | "findDevices">,
  { selection }: CampaignSettings,
): AsyncGenerator<readonly MaybeDevice[]> {
  if (selection.kind === "list") {
    for (let at = 0; at < selection.devEuis.length; at += PER_PAGE) {
      const page = selection.devEuis.slice(at, at + PER_PAGE);
      yield await Promise.all(page.map((devEui) => store.loadDevice(devEui)));
    }
    return;
  }
  let after: Eui64 | undefined;
  do {
    const { devices, next } = await store.findDevices(selection.query, PER_PAGE, after);
    yield devices;
    after = next;
  } while (after !== undefined);
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

  add(device: MaybeDevice): void {
    const reason = this.#whyNot(device);
    if (device === undefined || reason !== undefined) {
      count(this.#skipped, reason ?? "device-unknown");
      return;
    }
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

  #whyNot(device: MaybeDevice): string | undefined {
    if (device === undefined) return "device-unknown";
    if (device.isDisabled) return "device-disabled";
    const { generationAtMost = Number.POSITIVE_INFINITY } = this.#settings;
    return device.rootKeys.generation > generationAtMost ? "generation-newer" : undefined;
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
