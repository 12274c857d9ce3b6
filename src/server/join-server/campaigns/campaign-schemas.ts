import { type Static, Type } from "typebox";
import { CAMPAIGN_STATES, MEMBER_STATES } from "../../../join-server/campaigns/campaign.ts";
import { LISTED_MAX } from "../../../join-server/campaigns/new-campaign.ts";
import {
  DevEui,
  hex,
  Limit,
  line,
  Next,
  orNull,
  SuiteName,
  Time,
} from "../admin/schemas/common.ts";
import { DeviceListQuery } from "../admin/schemas/device-schemas.ts";

const STRICT = { additionalProperties: false } as const;
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

const CampaignId = hex(16, "id of the campaign");
const share = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1, description }));
const rate = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0.01, maximum: 60_000, description }));
const count = (maximum: number, description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum, description }));

const { limit: _limit, after: _after, ...deviceConditions } = DeviceListQuery.properties;

/** Which devices: as `GET /devices` finds them, or one by one. */
const Selection = {
  query: Type.Optional(
    Type.Object(deviceConditions, {
      ...STRICT,
      description:
        "devices as GET /devices finds them; {} for all. Fixed when the campaign is made",
    }),
  ),
  devEuis: Type.Optional(
    Type.Array(DevEui, { minItems: 1, maxItems: LISTED_MAX, description: "in place of a query" }),
  ),
  generationAtMost: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 0xffff, description: "leaves out what has newer keys" }),
  ),
};

const Settings = {
  name: Type.Optional(line(128, "for people")),
  description: Type.Optional(line(2_000, "for people")),
  suite: Type.Optional(SuiteName),
  isHealing: Type.Optional(
    Type.Boolean({
      description: "the kind of the updates; as its policy says for each when left out",
    }),
  ),
  startsPerMinute: rate("updates started per minute"),
  startsPerMinutePerGateway: rate("the same for the devices of one gateway, where it is known"),
  maxUnderWay: count(1_000_000, "most updates under way at a time"),
  canaryShare: share("of the devices that go first; the others wait until these are through"),
  maxFailureShare: share("pauses when more of the devices that are through have failed"),
  minSettledForPause: count(1_000_000, "and so many are through at least; not for canaries"),
  windows: Type.Optional(
    Type.Array(Type.String({ minLength: 11, maxLength: 64 }), {
      maxItems: 32,
      description: "when updates may be started, in UTC, such as Mon-Fri 22:00-05:00; none: always",
    }),
  ),
  maxAttempts: count(100, "for each device"),
  retryAfterMs: count(WEEK_MS, "before the second attempt; doubles with each further one"),
  attemptTimeoutMs: count(4 * WEEK_MS, "an attempt that takes longer is given up"),
  startsPaused: Type.Optional(Type.Boolean({ description: "waits to be resumed" })),
};

const EXAMPLE = {
  name: "new keys after the recall",
  query: { joinEui: "70b3d57ed0000001" },
  generationAtMost: 0,
  startsPerMinute: 60,
  canaryShare: 0.02,
  windows: ["Mon-Fri 22:00-05:00"],
};

export const CampaignPreviewBody = Type.Object(
  { ...Selection, ...Settings },
  { ...STRICT, examples: [EXAMPLE] },
);
export type CampaignSettingsBody = Static<typeof CampaignPreviewBody>;

export const CampaignBody = Type.Object(
  {
    id: Type.Optional(
      hex(16, "drawn by the caller, so that the same request again makes no second campaign"),
    ),
    ...Selection,
    ...Settings,
  },
  { ...STRICT, examples: [{ id: "8f3a09c27d51e644", ...EXAMPLE }] },
);

export const AbortBody = Type.Object(
  {
    abortsUpdates: Type.Optional(
      Type.Boolean({ default: false, description: "also ends the updates that are under way" }),
    ),
  },
  STRICT,
);

export const CampaignParams = Type.Object({ campaignId: CampaignId });

export const MemberListQuery = Type.Object(
  {
    state: Type.Optional(Type.Enum([...MEMBER_STATES])),
    limit: Type.Optional(Limit),
    after: Type.Optional(DevEui),
  },
  STRICT,
);

const counted = Type.Integer({ minimum: 0 });

export const CampaignView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    state: Type.Enum([...CAMPAIGN_STATES]),
    pauseReason: orNull(Type.String()),
    createdBy: Type.String({ description: "as the audit log calls them" }),
    createdAt: Time,
    startedAt: orNull(Time),
    endedAt: orNull(Time),
    isCanaryOver: Type.Boolean({ description: "the canaries are through, the others follow" }),
    query: orNull(Type.Object(deviceConditions)),
    listedDevices: orNull(counted),
    generationAtMost: orNull(counted),
    suite: orNull(Type.String()),
    isHealing: orNull(Type.Boolean()),
    startsPerMinute: Type.Number(),
    startsPerMinutePerGateway: Type.Number(),
    maxUnderWay: counted,
    canaryShare: Type.Number(),
    maxFailureShare: Type.Number(),
    minSettledForPause: counted,
    windows: Type.Array(Type.String()),
    maxAttempts: counted,
    retryAfterMs: counted,
    attemptTimeoutMs: counted,
    startsPaused: Type.Boolean(),
    abortsUpdates: Type.Boolean(),
  },
  { title: "Campaign" },
);
export type CampaignView = Static<typeof CampaignView>;

export const ProgressView = Type.Object(
  {
    total: counted,
    counts: Type.Object(Object.fromEntries(MEMBER_STATES.map((state) => [state, counted]))),
    ratePerMinute: orNull(
      Type.Number({ description: "devices that came to their end per minute, of late" }),
    ),
    estimatedEndAt: orNull(Time),
    reasons: Type.Array(
      Type.Object({
        state: Type.Enum([...MEMBER_STATES]),
        reason: Type.String(),
        count: counted,
        remedy: Type.String({ description: "what to do, in a sentence" }),
      }),
    ),
  },
  { title: "CampaignProgress" },
);
export type ProgressView = Static<typeof ProgressView>;

export const CampaignWithProgressView = Type.Object({
  ...CampaignView.properties,
  progress: ProgressView,
});
export type CampaignWithProgressView = Static<typeof CampaignWithProgressView>;

export const CampaignPageView = Type.Object({ campaigns: Type.Array(CampaignView), next: Next });

export const PreviewView = Type.Object(
  {
    devices: Type.Integer({ minimum: 0, description: "that would be updated" }),
    isComplete: Type.Boolean({ description: "false: there are more devices than were looked at" }),
    canaries: counted,
    generations: Type.Record(Type.String(), counted),
    macVersions: Type.Record(Type.String(), counted),
    gateways: Type.Integer({ minimum: 0, description: "known to serve them" }),
    underWay: Type.Integer({ minimum: 0, description: "their end is waited for" }),
    skipped: Type.Record(Type.String(), counted, { description: "left out, by reason" }),
    startsMs: Type.Integer({ minimum: 0, description: "how long the starts alone take" }),
    lastStartAt: Time,
  },
  { title: "CampaignPreview" },
);
export type PreviewView = Static<typeof PreviewView>;

export const MemberView = Type.Object(
  {
    devEui: Type.String(),
    state: Type.Enum([...MEMBER_STATES]),
    isCanary: Type.Boolean(),
    attempts: counted,
    updateId: orNull(counted),
    nextAttemptAt: orNull(Time),
    startedAt: orNull(Time),
    endedAt: orNull(Time),
    reason: orNull(Type.String({ description: "of the last attempt, or why it was left out" })),
    remedy: orNull(Type.String({ description: "what to do about it" })),
  },
  { title: "CampaignDevice" },
);
export type MemberView = Static<typeof MemberView>;
export const MemberPageView = Type.Object({ devices: Type.Array(MemberView), next: Next });
