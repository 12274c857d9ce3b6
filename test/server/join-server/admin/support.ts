import assert from "node:assert/strict";
import type { JoinServerRig, Json } from "../../../support/join-server-rig.ts";

/** What a call of the API gives back. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Json;
}

export function assertProblem(answer: Answer, status: number, code: string): void {
  const { body, headers } = answer;
  assert.equal(answer.status, status, JSON.stringify(body));
  assert.match(headers["content-type"] as string, /^application\/problem\+json/);
  assert.deepEqual(
    [body["type"], body["title"], body["status"]],
    [`urn:warren:error:${code}`, code, status],
  );
  assert.ok((body["detail"] as string).length > 10);
}

/** A call with another token than that of the data folder; none for undefined. */
export async function callAs(
  rig: JoinServerRig,
  token: string | undefined,
  method: string,
  path: string,
): Promise<Answer> {
  const response = await rig.admin.inject({
    method: method as "GET",
    url: `/api/v1/${path}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const body = response.body.startsWith("{") ? response.json() : {};
  return { status: response.statusCode, body, headers: response.headers };
}

export async function newToken(rig: JoinServerRig, role: string, more: Json = {}): Promise<Json> {
  const answer = await rig.call("POST", "tokens", { name: `a ${role}`, role, ...more });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

/** The newest entries of the audit log, as the API shows them. */
export async function newestAudit(rig: JoinServerRig, count: number): Promise<Json[]> {
  const { body } = await rig.call("GET", "audit?limit=1");
  const head = body["head"] as { seq: number };
  const after = Math.max(0, head.seq - count);
  return (await rig.call("GET", `audit?after=${after}`)).body["entries"] as Json[];
}

export function assertNoDefects(rig: JoinServerRig): void {
  assert.deepEqual(
    rig.log.lines.filter((line) => line.includes('"defect"')),
    [],
  );
}
