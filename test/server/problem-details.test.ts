import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ErrorCode, WarrenError } from "../../src/errors.ts";
import { sendProblem } from "../../src/server/problem-details.ts";

/** What `sendProblem` answers, without a server. */
function answerTo(error: WarrenError | (Error & { statusCode?: number })) {
  const sent: {
    status?: number;
    type?: string;
    body?: Record<string, unknown>;
    logged: unknown[];
  } = {
    logged: [],
  };
  const reply = {
    code: (status: number) => Object.assign(sent, { status }) && reply,
    type: (type: string) => Object.assign(sent, { type }) && reply,
    send: (body: Record<string, unknown>) => Object.assign(sent, { body }) && reply,
  };
  const request = { log: { error: (fields: unknown) => sent.logged.push(fields) } };
  sendProblem(
    error as never,
    request as unknown as FastifyRequest,
    reply as unknown as FastifyReply,
  );
  return sent;
}

describe("sendProblem", () => {
  it("gives every code its HTTP status, code and message", () => {
    const statuses: [ErrorCode, number][] = [
      ["unauthorized", 401],
      ["device-unknown", 404],
      ["update-not-found", 404],
      ["update-not-allowed", 409],
      ["write-conflict", 409],
      ["peer-unreachable", 502],
      ["storage-failed", 503],
      ["text-malformed", 400],
      ["suite-not-allowed", 400],
    ];
    for (const [code, status] of statuses) {
      const { body, logged, ...sent } = answerTo(new WarrenError(code, "what happened"));
      assert.deepEqual(sent, { status, type: "application/problem+json" });
      const type = `urn:warren:error:${code}`;
      assert.deepEqual(body, { type, title: code, status, detail: "what happened" });
      assert.deepEqual(logged, []);
    }
  });

  it("never shows the cause of an error", () => {
    const error = new WarrenError("storage-failed", "x", { cause: new Error("inner") });
    assert.ok(!JSON.stringify(answerTo(error).body).includes("inner"));
  });

  it("shows what the framework refused, with its status", () => {
    const error = Object.assign(new Error("Body is too large"), { statusCode: 413 });
    const { status, body } = answerTo(error);
    assert.deepEqual([status, body?.["title"]], [413, "request-malformed"]);
  });

  it("logs a defect and says nothing of it", () => {
    for (const error of [
      new Error("inner"),
      Object.assign(new Error("inner"), { statusCode: 502 }),
    ]) {
      const { status, body, logged } = answerTo(error);
      assert.deepEqual([status, body?.["title"]], [500, "defect"]);
      assert.ok(!JSON.stringify(body).includes("inner"));
      assert.deepEqual(logged, [{ event: "defect", err: error }]);
    }
  });
});
