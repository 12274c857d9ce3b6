import { setTimeout as sleep } from "node:timers/promises";
import { MultiBar } from "cli-progress";
import type {
  CampaignWithProgressView,
  MemberView,
} from "../../../server/join-server/campaigns/campaign-schemas.ts";
import type { ApiClient } from "../../api-client/api-client.ts";
import { listItems } from "../../api-client/list-pages.ts";
import { formatProgress, stateOf } from "./campaign-text.ts";
import { PatientReader } from "./patient-reader.ts";

const POLL_MS = 1_000;
/** Failures that are shown one by one; all of them are in `warren campaign failures`. */
const FAILURES_SHOWN = 100;

/** Shows a campaign as it goes on. */
interface Display {
  update(campaign: CampaignWithProgressView): void;
  say(text: string): void;
  stop(): void;
}

/**
 * Shows a campaign until it has ended or waits for an operator. Ctrl-C ends only the display; a Join Server that is
 * started anew meanwhile is waited for.
 *
 * @returns the campaign as it was seen last, and whether Ctrl-C ended the display
 */
export async function watchCampaign(
  api: ApiClient,
  id: string,
  isJson: boolean,
): Promise<{ campaign: CampaignWithProgressView; isInterrupted: boolean }> {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort();
  process.once("SIGINT", onSignal);
  const get = () => api.get<CampaignWithProgressView>(`/campaigns/${id}`);
  let campaign = await get();
  const display = displayOf(isJson);
  const failures = new Failures(api, id);
  const say = isJson ? (text: string) => console.error(text) : display.say.bind(display);
  const patient = new PatientReader({ say, signal: interrupt.signal });
  const sayFailures = async () => {
    const lines = isJson ? [] : await patient.read(() => failures.newOnes(campaign));
    for (const line of lines ?? []) display.say(line);
  };
  try {
    display.update(campaign);
    while (!isWaitingForNobody(campaign) && !interrupt.signal.aborted) {
      await sayFailures();
      await sleep(POLL_MS, undefined, { signal: interrupt.signal }).catch(() => undefined);
      campaign = (await patient.read(get)) ?? campaign;
      display.update(campaign);
    }
    await sayFailures();
  } finally {
    display.stop();
    process.off("SIGINT", onSignal);
  }
  return { campaign, isInterrupted: interrupt.signal.aborted };
}

/** Nothing more happens by itself. */
function isWaitingForNobody({ state, endedAt }: CampaignWithProgressView): boolean {
  return endedAt !== null || state === "paused";
}

function displayOf(isJson: boolean): Display {
  return process.stdout.isTTY && !isJson ? new Bar() : new Lines(isJson);
}

/** A line for each change, where there is no terminal. */
class Lines implements Display {
  readonly #isJson: boolean;
  #last = "";

  constructor(isJson: boolean) {
    this.#isJson = isJson;
  }

  update(campaign: CampaignWithProgressView): void {
    const { id, state, pauseReason, progress } = campaign;
    const text = `${stateOf(campaign)}: ${formatProgress(campaign)}`;
    // The estimate moves all the time; that alone is no change.
    const change = JSON.stringify([state, pauseReason, campaign.isCanaryOver, progress.counts]);
    if (change === this.#last) return;
    this.#last = change;
    this.say(this.#isJson ? JSON.stringify({ id, state, pauseReason, progress }) : text);
  }

  say(text: string): void {
    console.log(text);
  }

  stop(): void {}
}

/** A bar that is drawn anew, with what happens above it. */
class Bar implements Display {
  readonly #bars = new MultiBar({
    format: "{bar} {percentage} %  {text}",
    stream: process.stdout,
    barsize: 20,
    hideCursor: true,
    // A line that is too long would be wrapped, and then drawn again and again.
    linewrap: false,
  });
  readonly #bar = this.#bars.create(1, 0, { text: "" });
  #state = "";

  update(campaign: CampaignWithProgressView): void {
    const { counts, total } = campaign.progress;
    const through = (counts["updated"] ?? 0) + (counts["failed"] ?? 0) + (counts["skipped"] ?? 0);
    this.#bar.setTotal(Math.max(1, total));
    this.#bar.update(through, { text: formatProgress(campaign) });
    const state = stateOf(campaign);
    if (state !== this.#state) this.say(`${campaign.id} ${campaign.name}: ${state}`);
    this.#state = state;
  }

  say(text: string): void {
    this.#bars.log(`${text}\n`);
  }

  stop(): void {
    this.#bars.stop();
  }
}

/** Failures as they come: asked for only when there are more of them than before. */
class Failures {
  readonly #api: ApiClient;
  readonly #id: string;
  readonly #seen = new Set<string>();
  #count = 0;

  constructor(api: ApiClient, id: string) {
    this.#api = api;
    this.#id = id;
  }

  async newOnes({ progress }: CampaignWithProgressView): Promise<string[]> {
    const count = progress.counts["failed"] ?? 0;
    if (count <= this.#count || this.#seen.size >= FAILURES_SHOWN) return [];
    const path = `/campaigns/${this.#id}/devices`;
    // So many have some that are new, whichever come first.
    const request = { query: { state: "failed" }, limit: FAILURES_SHOWN };
    const failed = await listItems<MemberView>(this.#api, path, "devices", request);
    // Only now: a server that was away is asked again.
    this.#count = count;
    const lines: string[] = [];
    for (const { devEui, reason, attempts } of failed) {
      if (this.#seen.has(devEui) || this.#seen.size >= FAILURES_SHOWN) continue;
      this.#seen.add(devEui);
      lines.push(`${devEui} failed: ${reason} (${attempts} attempts)`);
    }
    if (this.#seen.size >= FAILURES_SHOWN) lines.push("… more: warren campaign failures");
    return lines;
  }
}
