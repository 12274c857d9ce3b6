import assert from "node:assert/strict";
import { test } from "node:test";
import { personaliseDevice } from "../../src/application-server/personalise-device.ts";
import {
  applicationServer,
  DEV_ADDR,
  DEV_EUI,
  envelope,
  key,
  OTHER_APP_S_KEY_HEX,
  uplink,
} from "./support/fixtures.ts";

const settings = {
  devEui: DEV_EUI,
  macVersion: "1.1.0" as const,
  abp: { devAddr: DEV_ADDR, appSKey: key() },
};
const abpUplink = { sessionKeyId: "abp:26011bda" };
const request = { fPort: 1, payload: Uint8Array.of(1), isConfirmed: false };

test("an ABP device has its session at once, both ways", async () => {
  const server = applicationServer();
  personaliseDevice(server, settings);
  assert.equal(await server.receiver.receive(uplink(abpUplink)), "decrypted");
  const downlink = await server.sender.send(DEV_EUI, request);
  assert.equal(downlink.sessionKeyId, "abp:26011bda");
});

test("the same settings again change nothing: counters are never reset", async () => {
  const server = applicationServer();
  personaliseDevice(server, settings);
  await server.sender.send(DEV_EUI, request);
  const before = server.events().length;
  personaliseDevice(server, settings);
  assert.equal(server.events().length, before);
  assert.equal(server.store.currentSession(DEV_EUI)?.nextFCntDown, 1);
});

test("another AppSKey starts again, also for uplinks with counters seen before", async () => {
  const server = applicationServer();
  personaliseDevice(server, settings);
  await server.receiver.receive(uplink(abpUplink));
  await server.sender.send(DEV_EUI, request);
  const appSKey = key(OTHER_APP_S_KEY_HEX);
  personaliseDevice(server, { ...settings, abp: { devAddr: DEV_ADDR, appSKey } });
  assert.equal(server.store.currentSession(DEV_EUI)?.nextFCntDown, 0);
  const again = uplink({ ...abpUplink, keyHex: OTHER_APP_S_KEY_HEX });
  assert.equal(await server.receiver.receive(again), "decrypted");
  // and back: the first key's counter goes on where it stood
  personaliseDevice(server, settings);
  assert.equal(server.store.currentSession(DEV_EUI)?.nextFCntDown, 1);
});

test("another AppSKey after a join in between starts again too", async () => {
  const server = applicationServer();
  personaliseDevice(server, settings);
  await server.receiver.receive(uplink(abpUplink));
  await server.receiver.receive(uplink({ appSKey: envelope() }));
  const appSKey = key(OTHER_APP_S_KEY_HEX);
  personaliseDevice(server, { ...settings, abp: { devAddr: DEV_ADDR, appSKey } });
  const again = uplink({ ...abpUplink, keyHex: OTHER_APP_S_KEY_HEX });
  assert.equal(await server.receiver.receive(again), "decrypted");
});

test("a device may be announced without a session, and change its version", () => {
  const server = applicationServer();
  personaliseDevice(server, { devEui: DEV_EUI, macVersion: "1.0.3" });
  assert.equal(server.store.currentSession(DEV_EUI), undefined);
  personaliseDevice(server, { devEui: DEV_EUI, macVersion: "1.1.0" });
  assert.equal(server.store.device(DEV_EUI)?.macVersion, "1.1.0");
  personaliseDevice(server, settings);
  personaliseDevice(server, { ...settings, macVersion: "1.0.3" });
  assert.equal(server.store.currentSession(DEV_EUI)?.macVersion, "1.0.3");
});
