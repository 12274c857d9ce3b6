import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { formatHex } from "../../lorawan/hex.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { AuditEvent } from "../ports/audit-log.ts";
import type { CampaignStore, MemberQuery } from "../ports/campaign-store.ts";
import type { DeviceStore } from "../ports/device-store.ts";
import type { EventKind, EventSink } from "../ports/events.ts";
import type { UpdatePolicy } from "../root-key-updates/update-policy.ts";
import type { Campaign, CampaignMember, CampaignSettings } from "./campaign.ts";
import { type CampaignProgress, ProgressReader } from "./campaign-progress.ts";
import { checkSuite, newCampaign } from "./new-campaign.ts";
import { type CampaignPreview, previewCampaign } from "./preview-campaign.ts";
import { withoutList } from "./review-campaign.ts";

/** How often a change is made again when the one who runs the campaign was faster. */
const MAX_TRIES = 10;

export interface CampaignAdministrationOptions {
  readonly store: CampaignStore & Pick<DeviceStore, "loadDevice" | "findDevices" | "findDevEuis">;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly events: EventSink;
  readonly updatePolicy: UpdatePolicy;
}

/** What is stored of a change, and what is told of it. */
interface CampaignChange {
  readonly campaign: Campaign;
  readonly told?: EventKind;
}

/**
 * What operators do with campaigns. Each method only says what is wanted, in one transaction with its entry
 * in the audit log; whoever runs the campaign does it within seconds. The same again changes nothing.
 */
export class CampaignAdministration {
  readonly #options: CampaignAdministrationOptions;
  readonly #progress: ProgressReader;

  constructor(options: CampaignAdministrationOptions) {
    this.#options = options;
    this.#progress = new ProgressReader(options.store);
  }

  /**
   * Makes a campaign; it starts as soon as its devices are put together, unless its settings say otherwise.
   *
   * @param wanted an `id` (16 hex digits) makes it safe to ask again: the same is not made twice
   * @throws WarrenError `campaign-not-allowed` for another campaign of this id, `suite-not-allowed`
   */
  async create(
    wanted: { readonly id?: string | undefined; readonly settings: CampaignSettings },
    actor: string,
  ): Promise<{ campaign: Campaign; isNew: boolean }> {
    const { store, clock, randomBytes, updatePolicy } = this.#options;
    const { settings, id = formatHex(randomBytes(8)) } = wanted;
    checkSuite(settings, updatePolicy);
    const campaign = newCampaign(settings, { id, createdBy: actor, createdAt: clock.now() });
    const details = { ...settings, selection: withoutList(settings.selection) };
    const isNew = await store.createCampaign(campaign, this.#audit(actor, "create", id, details));
    if (isNew) return { campaign, isNew };
    const known = await this.get(id);
    if (!isDeepStrictEqual(comparable(known), comparable(campaign))) {
      throw new WarrenError(
        "campaign-not-allowed",
        `the campaign ${id} is another one; leave the id out, or give a new one`,
      );
    }
    return { campaign: known, isNew };
  }

  /** What a campaign of these settings would do; stores nothing. */
  preview(settings: CampaignSettings): Promise<CampaignPreview> {
    const { store, clock, updatePolicy } = this.#options;
    checkSuite(settings, updatePolicy);
    return previewCampaign(store, settings, clock.now());
  }

  /** Newest first. */
  list(): Promise<Campaign[]> {
    return this.#options.store.listCampaigns();
  }

  /** @throws WarrenError `resource-unknown` */
  async get(id: string): Promise<Campaign> {
    const campaign = await this.#options.store.loadCampaign(id);
    if (campaign === undefined) throw campaignUnknown(id);
    return campaign;
  }

  /** Of a large campaign it may be some seconds old. */
  progress(campaign: Campaign): Promise<CampaignProgress> {
    return this.#progress.read(campaign, this.#options.clock.now());
  }

  /**
   * Devices of a campaign in the order of their DevEUI.
   *
   * @throws WarrenError `resource-unknown`
   */
  async members(
    id: string,
    query: Pick<MemberQuery, "states">,
    page: { readonly limit: number; readonly after?: Eui64 | undefined },
  ): Promise<{ members: CampaignMember[]; next: Eui64 | undefined }> {
    await this.get(id);
    const { limit, after } = page;
    const found = await this.#options.store.findMembers(id, query, limit + 1, after);
    const members = found.slice(0, limit);
    return { members, next: found.length > limit ? members.at(-1)?.devEui : undefined };
  }

  /** No new starts; updates under way go on. @throws WarrenError `resource-unknown`, `campaign-not-allowed` */
  pause(id: string, actor: string): Promise<Campaign> {
    return this.#change(id, { actor, action: "pause" }, (campaign) => {
      if (campaign.state === "paused") return { campaign };
      if (campaign.state === "preparing") {
        return { campaign: withSettings(campaign, { startsPaused: true }) };
      }
      checkLive(campaign);
      const pauseReason = `by ${actor}`;
      return { campaign: { ...campaign, state: "paused", pauseReason }, told: "campaign-paused" };
    });
  }

  /**
   * Goes on, or starts one that was to wait. The failures so far are taken as seen: they do not pause it again.
   *
   * @throws WarrenError `resource-unknown`, `campaign-not-allowed`
   */
  async resume(id: string, actor: string): Promise<Campaign> {
    const { store, clock } = this.#options;
    const { updated, failed } = await store.countMembers(id);
    return this.#change(id, { actor, action: "resume" }, (campaign) => {
      if (campaign.state === "running") return { campaign };
      if (campaign.state === "preparing") {
        return { campaign: withSettings(campaign, { startsPaused: false }) };
      }
      checkLive(campaign);
      const { startedAt } = campaign;
      const resumed: Campaign = {
        ...campaign,
        state: "running",
        pauseReason: undefined,
        startedAt: startedAt ?? clock.now(),
        accepted: { updated, failed },
        samples: [],
      };
      const told = startedAt === undefined ? "campaign-started" : "campaign-resumed";
      return { campaign: resumed, told };
    });
  }

  /**
   * Ends a campaign for ever. What is under way comes to its own end, or is ended too.
   *
   * @throws WarrenError `resource-unknown`, `campaign-not-allowed` when it has finished
   */
  abort(id: string, order: { readonly abortsUpdates: boolean }, actor: string): Promise<Campaign> {
    return this.#change(id, { actor, action: "abort" }, (campaign) => {
      const abortsUpdates = campaign.abortsUpdates || order.abortsUpdates;
      const isAborted = campaign.state === "aborted";
      if (isAborted && abortsUpdates === campaign.abortsUpdates) return { campaign };
      if (!isAborted) checkLive(campaign);
      const aborted = {
        ...campaign,
        state: "aborted",
        abortsUpdates,
        pauseReason: undefined,
      } as const;
      const { selection } = campaign.settings;
      const next = withSettings(aborted, { selection: withoutList(selection) });
      return isAborted ? { campaign: next } : { campaign: next, told: "campaign-aborted" };
    });
  }

  /**
   * Forgets a campaign that has ended, with what became of each device in it.
   *
   * @throws WarrenError `resource-unknown`, `campaign-not-allowed`
   */
  async delete(id: string, actor: string): Promise<void> {
    const { endedAt, settings } = await this.get(id);
    if (endedAt === undefined) {
      throw new WarrenError(
        "campaign-not-allowed",
        `the campaign ${id} has not ended; abort it first`,
      );
    }
    const { name } = settings;
    const isDeleted = await this.#options.store.deleteCampaign(
      id,
      this.#audit(actor, "delete", id, { name }),
    );
    if (!isDeleted) throw campaignUnknown(id);
  }

  async #change(
    id: string,
    { actor, action }: { readonly actor: string; readonly action: string },
    decide: (campaign: Campaign) => CampaignChange,
  ): Promise<Campaign> {
    const { store, clock, events } = this.#options;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const stored = await this.get(id);
      const { campaign, told } = decide(stored);
      if (campaign === stored) return stored;
      const { name } = campaign.settings;
      const audit = this.#audit(actor, action, id, { name, abortsUpdates: campaign.abortsUpdates });
      if (!(await store.saveCampaign(campaign, audit))) continue;
      if (told !== undefined) {
        const { pauseReason: reason } = campaign;
        events.publish({ kind: told, at: clock.now(), campaignId: id, reason });
      }
      return { ...campaign, version: campaign.version + 1 };
    }
    throw new WarrenError("write-conflict", `the campaign ${id} changes all the time; try again`);
  }

  #audit(actor: string, verb: string, id: string, details: object): AuditEvent {
    const at = this.#options.clock.now();
    return { at, actor, action: `campaign.${verb}`, subject: id, details: { ...details } };
  }
}

/** @throws WarrenError `campaign-not-allowed` */
function checkLive({ id, state }: Campaign): void {
  if (state === "finished" || state === "aborted") {
    throw new WarrenError("campaign-not-allowed", `the campaign ${id} is ${state}; make a new one`);
  }
}

function withSettings(campaign: Campaign, settings: Partial<CampaignSettings>): Campaign {
  return { ...campaign, settings: { ...campaign.settings, ...settings } };
}

/** What two campaigns of one id must have in common; whether it waits may have changed since. */
function comparable({ settings }: Campaign): object {
  const selection = withoutList(settings.selection);
  // As JSON, which is how it is kept: absent members are as good as undefined ones.
  return JSON.parse(JSON.stringify({ ...settings, selection, startsPaused: false }));
}

function campaignUnknown(id: string): WarrenError {
  return new WarrenError("resource-unknown", `no campaign has the id ${id}`);
}
