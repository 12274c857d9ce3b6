import { type Static, Type } from "typebox";
import { STUCK_KINDS } from "../../../../join-server/root-key-updates/stuck/stuck-problems.ts";
import { ATTEMPT_STEPS } from "../../../../join-server/root-key-updates/update-attempt.ts";
import { DevEui, Limit, Next, orNull, Time } from "./common.ts";
import { UpdateView } from "./device-answers.ts";

const STRICT = { additionalProperties: false } as const;
const count = (description: string) => Type.Integer({ minimum: 0, description });

export const TimelineQuery = Type.Object(
  {
    limit: Type.Optional(Limit),
    before: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65_536,
        description: "an UpdateID: attempts before this one",
      }),
    ),
  },
  STRICT,
);

export const AttemptView = Type.Object(
  {
    updateId: count("1 to 65,535"),
    suite: Type.String(),
    isHealing: Type.Boolean(),
    carrier: Type.Enum(["mac-commands", "application-port"]),
    generation: count("of the keys it started from"),
    requestedBy: Type.String({
      description:
        "operator:<token>, campaign:<id>, policy:<reason>, network-server:<NetID> or application-server:<AS-ID>",
    }),
    startedAt: Time,
    endedAt: orNull(Time),
    outcome: Type.Enum(["under-way", "committed", "failed"]),
    reason: orNull(Type.String({ description: "why it failed" })),
    remedy: orNull(Type.String({ description: "what to do about it, or what it waits for" })),
    steps: Type.Array(
      Type.Object({
        at: Time,
        kind: Type.Enum([...ATTEMPT_STEPS]),
        detail: orNull(Type.String()),
      }),
      { description: "in the order of time; of a long attempt the first 16 and the last 16" },
    ),
  },
  { title: "UpdateAttempt" },
);
export type AttemptView = Static<typeof AttemptView>;

export const TimelineView = Type.Object(
  {
    devEui: Type.String(),
    generation: count("root key updates committed"),
    generationSince: Time,
    generationSessions: count("sessions made from the current root keys"),
    lastUpdateId: count("of 65,535"),
    failedAttempts: count("since the last one that was committed"),
    updateWanted: orNull(Type.String({ description: "the event after which an update is wanted" })),
    updateNotBefore: orNull(Time),
    generations: Type.Array(
      Type.Object({
        generation: count("0 for factory keys"),
        since: orNull(Time),
        updateId: orNull(count("of the attempt that made it")),
      }),
      { description: "newest first, as far as attempts are on record" },
    ),
    attempts: Type.Array(AttemptView, { description: "newest first" }),
    next: orNull(count("send as `before` for the next page; null at the end")),
  },
  { title: "UpdateTimeline" },
);
export type TimelineView = Static<typeof TimelineView>;

export const StuckQuery = Type.Object(
  {
    limit: Type.Optional(Limit),
    after: Type.Optional(DevEui),
    waitingSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000_000,
        default: 21_600,
        description: "how long an update may rest before it counts as stuck",
      }),
    ),
  },
  STRICT,
);

export const StuckDeviceView = Type.Object(
  {
    devEui: Type.String(),
    name: Type.String(),
    homeNetId: Type.String(),
    asId: Type.String(),
    generation: count("root key updates committed"),
    update: orNull(UpdateView),
    problems: Type.Array(
      Type.Object({
        kind: Type.Enum([...STUCK_KINDS]),
        since: orNull(Time),
        why: Type.String(),
        remedy: Type.String({ description: "what to do" }),
      }),
      { minItems: 1, description: "the most pressing first" },
    ),
  },
  { title: "StuckDevice" },
);
export type StuckDeviceView = Static<typeof StuckDeviceView>;

export const StuckPageView = Type.Object({ devices: Type.Array(StuckDeviceView), next: Next });
