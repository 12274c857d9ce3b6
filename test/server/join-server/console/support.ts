import assert from "node:assert/strict";
import { ADMIN_TOKEN, type JoinServerRig, type Json } from "../../../support/join-server-rig.ts";

export interface SignedIn {
  readonly cookie: string;
  readonly csrfToken: string;
  readonly body: Json;
  readonly setCookie: string;
}

/** What a browser sends: a cookie, and no API token. */
export async function send(
  rig: JoinServerRig,
  method: "GET" | "POST" | "PUT" | "DELETE",
  url: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: Json } = {},
) {
  const response = await rig.admin.inject({
    method,
    url,
    headers,
    ...(body !== undefined && { payload: body }),
  });
  rig.bodies.push(response.body);
  const isJson = /json/.test(response.headers["content-type"] ?? "");
  return {
    status: response.statusCode,
    headers: response.headers,
    text: response.body,
    body: (isJson ? response.json() : {}) as Json,
  };
}

export async function signIn(
  rig: JoinServerRig,
  body: Json = { token: ADMIN_TOKEN },
): Promise<SignedIn> {
  const answer = await send(rig, "POST", "/api/v1/session", { body });
  assert.equal(answer.status, 200, answer.text);
  const setCookie = [answer.headers["set-cookie"]].flat()[0] ?? "";
  const [cookie = ""] = setCookie.split(";", 1);
  return { cookie, csrfToken: answer.body["csrfToken"] as string, body: answer.body, setCookie };
}

/** Status of a question with nothing but the cookie. */
export async function sessionStatus(rig: JoinServerRig, { cookie }: SignedIn): Promise<number> {
  return (await send(rig, "GET", "/api/v1/session", { headers: { cookie } })).status;
}
