import assert from "node:assert/strict";
import { test } from "node:test";
import { DEV_EUI } from "../../application-server/support/fixtures.ts";
import {
  AUTHORIZED,
  NETWORK_SERVER_TOKEN,
  ROOT_KEY_TOKEN,
  testApp,
  uplinkBody,
} from "./support/test-app.ts";

test("with a token for it, an Application Server believes nobody else to be the Network Server", async (t) => {
  const { app, store } = testApp({}, NETWORK_SERVER_TOKEN);
  t.after(() => app.close());
  const event = { DevEUI: DEV_EUI, DownlinkID: "d1", Event: "acknowledged" };
  const messages = {
    "/network-server/uplinks": uplinkBody(),
    "/network-server/downlink-events": event,
    "/network-server/messages": { Messages: [{ Uplink: uplinkBody() }] },
  };
  const post = async (url: string, authorization?: string) => {
    const headers = authorization === undefined ? {} : { authorization };
    const payload = messages[url as keyof typeof messages];
    return (await app.inject({ method: "POST", url, headers, payload })).statusCode;
  };
  for (const url of Object.keys(messages)) {
    for (const wrong of [undefined, AUTHORIZED.authorization, `Bearer ${ROOT_KEY_TOKEN}`]) {
      assert.equal(await post(url, wrong), 401, `${url} with ${wrong}`);
    }
  }
  assert.equal(store.currentSession(DEV_EUI), undefined);
  for (const url of Object.keys(messages)) {
    assert.notEqual(await post(url, `Bearer ${NETWORK_SERVER_TOKEN}`), 401, url);
  }
  assert.ok(store.currentSession(DEV_EUI));
});
