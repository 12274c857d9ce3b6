import { join } from "node:path";
import { exportAes128Key } from "../../../../src/crypto/aes128.ts";
import { parseEui64 } from "../../../../src/lorawan/identifiers.ts";
import { openJoinServerStorage } from "../../../../src/storage/join-server/open-storage.ts";
import { openVault } from "../../../../src/vault/open-vault.ts";
import type { SoughtKey } from "../../support/key-search.ts";

/**
 * The root keys and session keys that a running Join Server has of devices, out of its database.
 *
 * @param folder the data folder of the Join Server
 */
export async function heldKeys(
  folder: string,
  devEuis: readonly string[],
): Promise<readonly SoughtKey[]> {
  const path = join(folder, "join-server.db");
  const masterKeys = join(folder, "master-keys");
  const store = await openJoinServerStorage({ kind: "sqlite", path }, (keys) =>
    openVault({ kind: "file", path: masterKeys }, keys, { now: Date.now }),
  );
  const found: SoughtKey[] = [];
  try {
    for (const devEui of devEuis) {
      const device = await store.loadDevice(parseEui64(devEui));
      if (device === undefined) continue;
      const { currentKeys, candidateKeys, generation } = device.rootKeys;
      const sets = [
        [`generation ${generation}`, currentKeys],
        [`generation ${generation + 1}`, candidateKeys ?? {}],
        ...device.sessions.map(({ joinNonce, keys }) => {
          // By name: they may be getters, which `Object.entries` does not see.
          const { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey } = keys;
          return [
            `session ${joinNonce}`,
            { fNwkSIntKey, sNwkSIntKey, nwkSEncKey, appSKey },
          ] as const;
        }),
      ] as const;
      for (const [set, keys] of sets) {
        for (const [name, key] of Object.entries(keys)) {
          found.push({ name: `${name} of ${devEui}, ${set}`, bytes: exportAes128Key(key) });
        }
      }
    }
  } finally {
    await store.close();
  }
  return found;
}
