import assert from "node:assert/strict";
import { it } from "node:test";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import {
  DEFAULT_APPLICATION_SERVER_SETTINGS,
  DEFAULT_PEER_SETTINGS,
} from "../../../src/join-server/peers.ts";
import { PeerCodec } from "../../../src/storage/join-server/rows/peer-codec.ts";
import { testVault } from "../../support/test-vault.ts";

it("the row of an Application Server from before updates over a port relays none", () => {
  const codec = new PeerCodec(testVault());
  const { values } = codec.encodeApplicationServer({
    ...DEFAULT_PEER_SETTINGS,
    ...DEFAULT_APPLICATION_SERVER_SETTINGS,
    asId: "old-as",
    appSKeyDelivery: "envelope",
    kek: { label: "as", kek: importKek(new Uint8Array(16)) },
  });
  const [settings, secrets] = values;
  const { relaysRootKeyUpdates, rootKeyFPort, ...before } = JSON.parse(settings as string);
  assert.deepEqual([relaysRootKeyUpdates, rootKeyFPort], [false, 199]);
  const row = { as_id: "old-as", settings: JSON.stringify(before), secrets: secrets as Uint8Array };
  const decoded = codec.decodeApplicationServer(row);
  assert.deepEqual(
    [decoded.appSKeyDelivery, decoded.relaysRootKeyUpdates, decoded.rootKeyFPort],
    ["envelope", false, 199],
  );
});
