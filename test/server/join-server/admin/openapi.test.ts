import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { type Json, useJoinServer } from "../../../support/join-server-rig.ts";

const rig = useJoinServer();

async function document(): Promise<Json> {
  return (await rig.admin.inject({ url: "/api/v1/openapi.json" })).json();
}

function operationsOf(doc: Json): [string, Json][] {
  return Object.entries(doc["paths"] as Record<string, Record<string, Json>>).flatMap(
    ([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, Json] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
  );
}

describe("GET /api/v1/openapi.json", () => {
  it("is an OpenAPI 3.1 document", async () => {
    const doc = await document();
    assert.equal(doc["openapi"], "3.1.0");
    const validator = new Validator();
    const result = await validator.validate(doc as never);
    assert.deepEqual(result.errors ?? [], []);
    assert.equal(result.valid, true);
    assert.equal(validator.version, "3.1");
    // All references lead somewhere.
    assert.doesNotThrow(() => validator.resolveRefs());
  });

  it("finds a mistake, so that its agreement means something", async () => {
    const broken = { ...(await document()), paths: { "/x": { get: { responses: 7 } } } };
    assert.equal((await new Validator().validate(broken as never)).valid, false);
  });

  it("has every operation with a name, roles, security and its refusals", async () => {
    await rig.admin.ready();
    const operations = operationsOf(await document());
    const ids = operations.map(([, { operationId }]) => operationId);
    assert.equal(new Set(ids).size, ids.length);
    for (const [name, operation] of operations) {
      const [method, path] = name.split(" ") as [string, string];
      const url = path.replaceAll(/\{(\w+)\}/g, ":$1");
      assert.ok(rig.admin.hasRoute({ method: method as "GET", url }), name);
      assert.ok(operation["summary"], name);
      assert.match(operation["description"] as string, /^(Roles: |Needs )/m, name);
      assert.ok("default" in (operation["responses"] as Json), name);
      const isPublic = operation["x-right"] === "public";
      // A session makes no codes for further ones.
      const isBearerOnly = path === "/api/v1/sign-in-codes";
      const ways = [{ bearer: [] }, ...(isBearerOnly ? [] : [{ session: [] }])];
      assert.deepEqual(operation["security"], isPublic ? [] : ways, name);
    }
    assert.ok(operations.length >= 35);
  });

  it("says of keys that go in that they never come out", async () => {
    const { components } = await document();
    const text = JSON.stringify((components as Json)["schemas"]);
    assert.doesNotMatch(text, /"(kek|token|authorization)":\{"type":"string","pattern"/);
  });
});
