import { type Static, Type } from "typebox";
import {
  LONGEST_PERIOD_MS,
  UPDATE_TRIGGERS,
} from "../../../../join-server/policies/update-policy-settings.ts";

const limit = (maximum: number, description: string) =>
  Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum }), Type.Null()], { description }));

/** What one level says of when devices get new root keys; absent members are as the level above has them. */
export const UpdatePolicyBody = Type.Object(
  {
    maxAgeMs: limit(LONGEST_PERIOD_MS, "longest use of a generation; null: no limit"),
    maxSessions: limit(1_000_000_000, "most sessions derived from a generation; null: no limit"),
    maxFrames: limit(1_000_000_000_000, "most frames under a generation; null: no limit"),
    triggers: Type.Optional(
      Type.Array(Type.Union(UPDATE_TRIGGERS.map((trigger) => Type.Literal(trigger))), {
        maxItems: UPDATE_TRIGGERS.length,
        description: "events after which an update is wanted",
      }),
    ),
    minimumPeriodMs: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: LONGEST_PERIOD_MS,
        description: "least time between a committed update and the next that nobody has ordered",
      }),
    ),
    isHealing: Type.Optional(
      Type.Boolean({ description: "updates with an X25519 exchange, which cost more airtime" }),
    ),
  },
  { title: "UpdatePolicy", additionalProperties: false },
);
export type UpdatePolicyBody = Static<typeof UpdatePolicyBody>;
