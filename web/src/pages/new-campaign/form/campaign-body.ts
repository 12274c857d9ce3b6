import type { postCampaignsPreview } from "../../../api/generated/warren-api.ts";
import type { DeviceConditions } from "../../../campaigns/conditions-text.ts";
import type { CampaignForm, Problems } from "./campaign-form.ts";
import { readDevEuis } from "./read-dev-euis.ts";
import { windowProblem, windowText } from "./time-windows.ts";

/** What `POST /campaigns` and its preview take. */
export type CampaignBody = Parameters<typeof postCampaignsPreview>[0]["body"];

export interface ReadForm {
  readonly body: CampaignBody;
  readonly problems: Problems;
}

/** The campaign that a form describes, and what is to be mended before anything is asked of the server. */
export function readForm(form: CampaignForm): ReadForm {
  const { suite, kind, canaryPercent, maxFailurePercent, windows } = form;
  const list = form.which === "list" ? readDevEuis(form.devEuis) : undefined;
  const query = form.which === "search" ? conditionsOf(form.query) : {};
  const body: CampaignBody = {
    ...(list === undefined ? { query } : { devEuis: [...list.devEuis] }),
    generationAtMost: form.generationAtMost,
    name: form.name.trim(),
    description: form.description.trim(),
    suite: suite === "" ? undefined : suite,
    isHealing: kind === "policy" ? undefined : kind === "healing",
    startsPerMinute: form.startsPerMinute,
    startsPerMinutePerGateway: form.startsPerMinutePerGateway,
    maxUnderWay: form.maxUnderWay,
    canaryShare: shareOf(canaryPercent),
    maxFailureShare: shareOf(maxFailurePercent),
    minSettledForPause: form.minSettledForPause,
    windows: windows.map(windowText),
    maxAttempts: form.maxAttempts,
    retryAfterMs: form.retryAfterMs,
    attemptTimeoutMs: form.attemptTimeoutMs,
    startsPaused: form.startsPaused,
  };
  const problems = {
    ...conditionProblems(query),
    devEuis: list?.problem ?? (list?.devEuis.length === 0 ? "Name a device." : undefined),
    ...Object.fromEntries(windows.map((window) => [`window ${window.key}`, windowProblem(window)])),
    retryAfterMs: form.retryAfterMs === undefined ? "Say how long." : undefined,
    attemptTimeoutMs: form.attemptTimeoutMs === undefined ? "Say how long." : undefined,
  };
  return { body, problems: withoutUndefined(problems) };
}

function conditionsOf(query: DeviceConditions): DeviceConditions {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(said) as DeviceConditions;
}

function conditionProblems({ devEuiPrefix, joinEui, homeNetId }: DeviceConditions) {
  const isNot = (pattern: RegExp, text: string | undefined) =>
    text !== undefined && !pattern.test(text);
  return {
    devEuiPrefix: isNot(/^[0-9a-f]{1,16}$/i, devEuiPrefix) ? "1 to 16 hex digits." : undefined,
    joinEui: isNot(/^[0-9a-f]{16}$/i, joinEui) ? "A JoinEUI has 16 hex digits." : undefined,
    homeNetId: isNot(/^[0-9a-f]{6}$/i, homeNetId) ? "A NetID has 6 hex digits." : undefined,
  };
}

function shareOf(percent: number | undefined): number | undefined {
  // 7 % is 0.07 and not 0.07000000000000001.
  return percent === undefined ? undefined : Number((percent / 100).toFixed(6));
}

function withoutUndefined(problems: Readonly<Record<string, string | undefined>>): Problems {
  const found = Object.entries(problems).filter(([, problem]) => problem !== undefined);
  return Object.fromEntries(found) as Problems;
}
