import { WarrenError } from "../../../../src/errors.ts";
import type { CampaignSettings } from "../../../../src/join-server/campaigns/campaign.ts";
import { DEFAULT_CAMPAIGN_SETTINGS } from "../../../../src/join-server/campaigns/new-campaign.ts";
import type { Device } from "../../../../src/join-server/device.ts";
import type { DevEuiPage, DevicePage } from "../../../../src/join-server/ports/device-store.ts";
import type { UpdateAttempt } from "../../../../src/join-server/root-key-updates/update-attempt.ts";
import type {
  StartedUpdate,
  UpdateOrder,
  UpdateStarter,
} from "../../../../src/join-server/root-key-updates/update-starter.ts";
import type { Eui64 } from "../../../../src/lorawan/identifiers.ts";
import type { UpdateFailure } from "../../../../src/root-key/server-state.ts";
import { MemoryCampaignStore } from "./memory-campaign-store.ts";

/** A start that was stored. */
export interface Start {
  readonly at: number;
  readonly devEui: Eui64;
  readonly gatewayId: Eui64 | undefined;
  readonly requestedBy: string;
}

export function devEuiOf(index: number): Eui64 {
  return (0x0102_0304_0000_0000n + BigInt(index)).toString(16).padStart(16, "0") as Eui64;
}

export const ALL_DEVICES = { kind: "query", query: {} } as const;

export function settingsOf(changes: Partial<CampaignSettings> = {}): CampaignSettings {
  return { ...DEFAULT_CAMPAIGN_SETTINGS, name: "a test", selection: ALL_DEVICES, ...changes };
}

/** Devices as far as campaigns look at them, and a starter that behaves as that of the Join Server does. */
export class Fleet implements UpdateStarter {
  readonly devices = new Map<Eui64, Device>();
  readonly history = new Map<Eui64, UpdateAttempt[]>();
  readonly starts: Start[] = [];
  readonly deliveries: Eui64[] = [];
  readonly store: MemoryCampaignStore & {
    loadDevice(devEui: Eui64): Promise<Device | undefined>;
    findDevices(query: object, limit: number, after?: Eui64): Promise<DevicePage>;
    findDevEuis(query: object, limit: number, after?: Eui64): Promise<DevEuiPage>;
    listUpdateAttempts(devEui: Eui64, limit: number, before?: number): Promise<UpdateAttempt[]>;
  };
  readonly clock = { time: Date.parse("2026-01-05T12:00:00Z"), now: () => this.clock.time };
  /** May throw, as a refusal or as a process that is killed before or after the start is stored. */
  aroundStart: (devEui: Eui64, start: () => void) => void = (_, start) => start();
  isReachable = true;
  /** How often a start was asked for a device that had an update under way. */
  doubleStarts = 0;

  constructor(count: number, change: (index: number) => Partial<Device> = () => ({})) {
    for (let index = 0; index < count; index++) this.add(index, change(index));
    this.store = Object.assign(new MemoryCampaignStore(this.devices), {
      loadDevice: (devEui: Eui64) => Promise.resolve(this.devices.get(devEui)),
      findDevices: async (_: object, limit: number, after?: Eui64) => {
        const { devEuis, next } = await this.#page(limit, after);
        return { devices: devEuis.map((devEui) => this.devices.get(devEui) as Device), next };
      },
      findDevEuis: (_: object, limit: number, after?: Eui64) => this.#page(limit, after),
      listUpdateAttempts: (devEui: Eui64, limit: number, before = 65_536) =>
        Promise.resolve(
          (this.history.get(devEui) ?? [])
            .filter(({ updateId }) => updateId < before)
            .toReversed()
            .slice(0, limit),
        ),
    });
  }

  add(index: number, changes: Partial<Device> = {}): void {
    const devEui = devEuiOf(index);
    const rootKeys = { devEui, generation: 0, lastUpdateId: 0, update: undefined };
    this.devices.set(devEui, {
      devEui,
      macVersion: "1.1.0",
      isDisabled: false,
      updatePolicy: {},
      suite: 1,
      rootKeys,
      ...changes,
    } as unknown as Device);
  }

  start(devEui: Eui64, order: UpdateOrder): Promise<StartedUpdate> {
    return Promise.try(() => {
      const device = this.devices.get(devEui);
      if (device === undefined) throw new WarrenError("device-unknown", "no such device");
      const { update } = device.rootKeys;
      if (update !== undefined && isGoingOn(update.status)) {
        this.doubleStarts += 1;
        return { device, updateId: update.updateId, isNew: false, isDelivered: this.isReachable };
      }
      this.aroundStart(devEui, () => this.begin(devEui, order));
      const started = this.devices.get(devEui) as Device;
      const { lastUpdateId: updateId } = started.rootKeys;
      return { device: started, updateId, isNew: true, isDelivered: this.isReachable };
    });
  }

  /** Stores the start of an update, whoever asks for it. */
  begin(devEui: Eui64, order: Pick<UpdateOrder, "requestedBy" | "suite" | "isHealing">): void {
    const device = this.devices.get(devEui) as Device;
    const { requestedBy, suite = device.suite, isHealing = false } = order;
    const updateId = device.rootKeys.lastUpdateId + 1;
    const at = this.clock.time;
    const update = { updateId, suite, isHealing, status: "prepared" } as const;
    this.devices.set(devEui, {
      ...device,
      rootKeys: { ...device.rootKeys, lastUpdateId: updateId, update },
      updateStartedAt: at,
      attempt: { ...update, requestedBy, startedAt: at, outcome: "under-way" },
    } as unknown as Device);
    const gatewayId = device.lastGatewayId;
    this.starts.push({ at, devEui, gatewayId, requestedBy });
  }

  /** The device and the Join Server bring the update under way to its end. */
  end(devEui: Eui64, reason?: UpdateFailure): void {
    const device = this.devices.get(devEui) as Device;
    const { rootKeys, attempt } = device;
    const isCommitted = reason === undefined;
    const status = isCommitted ? "committed" : "failed";
    const ended = { ...attempt, outcome: status, reason } as UpdateAttempt;
    this.history.set(devEui, [...(this.history.get(devEui) ?? []), ended]);
    this.devices.set(devEui, {
      ...device,
      rootKeys: {
        ...rootKeys,
        generation: rootKeys.generation + Number(isCommitted),
        update: { ...rootKeys.update, status, reason },
      },
      updateCommittedAt: isCommitted ? this.clock.time : device.updateCommittedAt,
      attempt: ended,
    } as unknown as Device);
  }

  deliver(devEui: Eui64): Promise<boolean> {
    this.deliveries.push(devEui);
    return Promise.resolve(this.isReachable);
  }

  abort(devEui: Eui64): Promise<Device> {
    return Promise.try(() => {
      const { status } = this.devices.get(devEui)?.rootKeys.update ?? {};
      if (status === undefined || !isGoingOn(status)) {
        throw new WarrenError("update-not-found", "no update is under way");
      }
      this.aroundStart(devEui, () => this.end(devEui, "aborted"));
      return this.devices.get(devEui) as Device;
    });
  }

  underWay(): Eui64[] {
    return [...this.devices.values()]
      .filter(({ rootKeys }) => rootKeys.update && isGoingOn(rootKeys.update.status))
      .map(({ devEui }) => devEui);
  }

  #page(limit: number, after: Eui64 = "" as Eui64): Promise<DevEuiPage> {
    const rest = [...this.devices.keys()].filter((devEui) => devEui > after);
    const devEuis = rest.toSorted().slice(0, limit);
    const next = rest.length > limit ? devEuis.at(-1) : undefined;
    return Promise.resolve({ devEuis, next });
  }
}

function isGoingOn(status: string): boolean {
  return status === "prepared" || status === "accepted" || status === "confirmed";
}
