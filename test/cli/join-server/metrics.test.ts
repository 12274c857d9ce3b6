import assert from "node:assert/strict";
import { test } from "node:test";
import { randomKey, TestDevice } from "../../support/test-device.ts";
import { metric, RunningJoinServer } from "./support/running-join-server.ts";

const server = await RunningJoinServer.start();

test("metrics count what really happens, by reason", async () => {
  const devices = [await server.register(), await server.register(), await server.register()];
  for (const device of devices) device.devNonce = 10;
  for (const device of devices) assert.equal(await server.join(device), "Success");
  const [first, second] = devices as [TestDevice, TestDevice];
  const forged = { nwkKey: randomKey(), appKey: randomKey() };
  assert.equal(await server.join(first, first.joinRequestUnder(forged, 77)), "MICFailed");
  assert.equal(
    await server.join(second, second.joinRequestUnder(second.currentKeys, 9)),
    "JoinReqFailed",
  );
  assert.equal(await server.join(new TestDevice("1.1.0")), "UnknownDevEUI");

  const text = await server.metrics();
  assert.equal(metric(text, 'warren_joins_accepted_total{type="join"}'), 3);
  const refusals = 'warren_joins_refused_total{type="join",reason=';
  assert.equal(metric(text, `${refusals}"mic-mismatch"}`), 1);
  assert.equal(metric(text, `${refusals}"dev-nonce-replayed"}`), 1);
  assert.equal(metric(text, `${refusals}"device-unknown"}`), 1);
  assert.equal(metric(text, 'warren_device_changes_total{change="created"}'), 3);
  const durations = "warren_backend_request_duration_seconds_count";
  assert.equal(metric(text, `${durations}{message_type="JoinReq",result="Success"}`), 3);
  assert.equal(metric(text, `${durations}{message_type="JoinReq",result="MICFailed"}`), 1);
  const operations = "warren_store_operation_duration_seconds_count";
  assert.ok(metric(text, `${operations}{operation="saveDevice"}`) >= 3);
  const cache = "warren_device_cache_requests_total";
  assert.ok(metric(text, `${cache}{result="miss"}`) >= 1);
  assert.ok(metric(text, `${cache}{result="hit"}`) >= 3);
  assert.equal(metric(text, "warren_ready"), 1);
  assert.equal(metric(text, "warren_vault_sealing_version"), 1);
  assert.match(text, /^warren_build_info\{version="[^"]+",node="v[^"]+"\} 1$/m);
  assert.match(text, /^process_cpu_seconds_total /m);
});

test("metrics name no device, and a peer's words make no new ones", async () => {
  const device = await server.register();
  await server.join(device);
  for (let i = 0; i < 100; i++) {
    await fetch(server.backendUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        ...{ ProtocolVersion: "1.0", SenderID: `0000${i}`, ReceiverID: "70b3d57ed0000001" },
        ...{ TransactionID: i, MessageType: `Invented${i}Req` },
      }),
    });
  }
  const text = await server.metrics();
  assert.doesNotMatch(text.toLowerCase(), new RegExp(device.devEui));
  assert.doesNotMatch(text, /Invented/);
  assert.match(text, /message_type="other"/);
});

test("metrics want a token that may read reports, unless they are told not to", async () => {
  assert.equal(await server.status(`${server.adminUrl}/metrics`), 401);
  const open = await RunningJoinServer.start("metrics.requires_token = false");
  assert.equal(await open.status(`${open.adminUrl}/metrics`), 200);
  assert.equal(await open.status(`${open.backendUrl}/metrics`), 404);
  const off = await RunningJoinServer.start("metrics.enabled = false");
  assert.equal(await off.status(`${off.adminUrl}/metrics`, off.authorization), 404);
});
