import { type Static, Type } from "typebox";
import { ACTIVITY_MINUTES_MAX } from "../../../join-server/overview/process-activity.ts";
import { EVENT_KINDS } from "../../../join-server/ports/events.ts";
import { orNull, Time } from "../admin/schemas/common.ts";

const STRICT = { additionalProperties: false } as const;
const count = (description: string) => Type.Integer({ minimum: 0, description });
const text = (description: string) => orNull(Type.String({ description }));

export const ActivityQuery = Type.Object(
  {
    minutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: ACTIVITY_MINUTES_MAX,
        default: 180,
        description: "how far back: up to 180 by the minute, above that by ten minutes",
      }),
    ),
  },
  STRICT,
);

const Since = Type.String({
  format: "date-time",
  description: "when this process started: it knows of nothing before",
});

export const ActivityView = Type.Object(
  {
    since: Since,
    intervalSeconds: Type.Integer({ description: "60 or 600" }),
    intervals: Type.Array(
      Type.Object(
        {
          startsAt: Time,
          joinsAccepted: count(""),
          joinsRefused: count(""),
          rejoinsAccepted: count(""),
          rejoinsRefused: count(""),
          updatesStarted: count("root key updates"),
          updatesCommitted: count(""),
          updatesFailed: count(""),
        },
        { title: "ActivityInterval" },
      ),
      { description: "oldest first, without gaps; the last one goes on" },
    ),
    refusals: Type.Array(
      Type.Object({
        reason: Type.String({ description: "error code, see docs/errors.md" }),
        count: count("joins and rejoins"),
      }),
      { description: "of all intervals together, the most frequent first" },
    ),
  },
  { title: "Activity" },
);
export type ActivityView = Static<typeof ActivityView>;

export const DeviceEventView = Type.Object(
  {
    kind: Type.Enum([...EVENT_KINDS]),
    at: Time,
    senderId: text("NetID or AS-ID of the peer that asked, as it calls itself"),
    joinEui: text(""),
    devAddr: text(""),
    devNonce: orNull(count("")),
    joinNonce: orNull(count("")),
    generation: orNull(count("")),
    updateId: orNull(count("")),
    reason: text("why it was refused or failed"),
    remedy: text("what to do about it"),
  },
  { title: "DeviceEvent" },
);
export type DeviceEventView = Static<typeof DeviceEventView>;

export const DeviceActivityView = Type.Object(
  {
    since: Since,
    events: Type.Array(DeviceEventView, {
      description: "newest first: at most 30 that happened, and 20 refusals",
    }),
  },
  { title: "DeviceActivity" },
);
