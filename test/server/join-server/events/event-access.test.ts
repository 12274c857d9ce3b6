import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { useJoinServer } from "../../../support/join-server-rig.ts";
import { newToken } from "../admin/support.ts";

describe("an open event stream", () => {
  const rig = useJoinServer();
  let url: string;
  before(async () => {
    url = await rig.admin.listen({ host: "127.0.0.1", port: 0 });
  });
  after(() => rig.admin.close());

  async function open(token: string): Promise<Response> {
    const response = await fetch(`${url}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    });
    assert.equal(response.status, 200);
    return response;
  }

  it("ends soon after its token is revoked, and says nothing more", async () => {
    const { token, id } = await newToken(rig, "auditor");
    const stream = await open(token as string);
    assert.equal((await rig.call("DELETE", `tokens/${id}`)).status, 204);
    assert.doesNotMatch(await stream.text(), /event:/);
  });

  it("ends when its token expires, and no other with it", async () => {
    const expiresAt = new Date(rig.clock.time + 60_000).toISOString();
    const short = await newToken(rig, "auditor", { expiresAt });
    const long = await newToken(rig, "auditor");
    const [ending, staying] = [
      await open(short["token"] as string),
      await open(long["token"] as string),
    ];
    rig.clock.time += 61_000;
    await ending.text();
    const reader = (staying.body as ReadableStream<Uint8Array>).getReader();
    assert.equal((await reader.read()).done, false);
    await reader.cancel();
  });
});
