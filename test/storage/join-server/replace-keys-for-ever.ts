import { writeSync } from "node:fs";
import { importAes128Key } from "../../../src/crypto/aes128.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import type { Vault } from "../../../src/join-server/ports/vault.ts";
import { SqliteJoinServerStore } from "../../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { testVault } from "../../support/test-vault.ts";

// A process to be killed: gives all devices new root keys, over and over, and says every sealed value of
// root keys on standard output before it is stored.
const vault = testVault();
const telling: Vault = {
  get sealingVersion() {
    return vault.sealingVersion;
  },
  seal(plaintext, context) {
    const sealed = vault.seal(plaintext, context);
    if (context.startsWith("device/root-keys/")) {
      writeSync(1, `${Buffer.from(sealed).toString("hex")}\n`);
    }
    return sealed;
  },
  open: (sealed, context) => vault.open(sealed, context),
  refresh: () => vault.refresh(),
};
const store = SqliteJoinServerStore.openWith(process.argv[2] as string, telling);
const randomKeys = () => ({
  nwkKey: importAes128Key(systemRandomBytes(16)),
  appKey: importAes128Key(systemRandomBytes(16)),
});
for (;;) {
  const { devices } = await store.findDevices({}, 1_000);
  for (const device of devices) {
    const rootKeys = { ...device.rootKeys, currentKeys: randomKeys() };
    const outcome = await store.saveDevice({ ...device, rootKeys });
    if (outcome !== "saved") throw new Error(outcome);
  }
}
