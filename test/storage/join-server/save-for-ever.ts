import { writeSync } from "node:fs";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { TestKeyring } from "../../support/test-vault.ts";

// A process to be killed: saves a device with the next JoinNonce, over and over, and says each
// JoinNonce on standard output once its save is said to be done. It learns of data key 2 when it asks.
const keyring = new TestKeyring(1);
const store = SqliteJoinServerStore.openWith(process.argv[2] as string, keyring.openVault());
keyring.add(2);
for (;;) {
  const device = await store.loadDevice(parseEui64("0102030405060708"));
  if (device === undefined) throw new Error("no device");
  const joinNonce = device.joinNonce + 1;
  const outcome = await store.saveDevice(
    { ...device, joinNonce },
    { usedDevNonce: { joinEui: device.joinEui, devNonce: joinNonce } },
  );
  if (outcome !== "saved") throw new Error(outcome);
  writeSync(1, `${joinNonce}\n`);
}
