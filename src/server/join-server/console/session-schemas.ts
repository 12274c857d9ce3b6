import { Type } from "typebox";
import { line, Time } from "../admin/schemas/common.ts";
import { WhoAmIView } from "../admin/schemas/other-schemas.ts";

const STRICT = { additionalProperties: false } as const;

/** Either an API token or a one-time code. */
export const SignInBody = Type.Union([
  Type.Object({ token: line(256, "an API token; write-only", 1) }, STRICT),
  Type.Object({ code: line(64, "of POST /sign-in-codes; it is used up", 1) }, STRICT),
]);

export const SessionView = Type.Object(
  {
    ...WhoAmIView.properties,
    expiresAt: Time,
    csrfToken: Type.String({
      description: "send it as x-csrf-token with every request that is not GET or HEAD",
    }),
  },
  { title: "ConsoleSession" },
);

export const SignInCodeView = Type.Object(
  {
    code: Type.String({ description: "shown once, for one sign-in" }),
    expiresAt: Time,
  },
  { title: "SignInCode" },
);
