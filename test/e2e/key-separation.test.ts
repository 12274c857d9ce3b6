import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { liveTheLife } from "../../src/cli/run/life-of-a-device.ts";
import { type DemoDevice, provisionDevice } from "../../src/cli/run/provision.ts";
import { exportAes128Key } from "../../src/crypto/aes128.ts";
import { parseHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { openJoinServerStorage } from "../../src/storage/join-server/open-storage.ts";
import { openVault } from "../../src/vault/open-vault.ts";
import { HttpRecorder } from "./support/http-recorder.ts";
import { KeySearch, type SoughtKey } from "./support/key-search.ts";
import { createTestNetwork, type TestNetwork, testDevice } from "./support/test-network.ts";
import { UdpRecorder } from "./support/udp-recorder.ts";

// Proves who holds which key by looking for keys where they must not be: in the memory, files and
// traffic of the running processes. Each search is shown to work by finding a key that must be there.

/** Another process's memory can be read through Linux's /proc. CI runs there, so it never skips. */
const skip = process.platform === "linux" ? false : "reading a process's memory needs Linux";
const toJoinServer = new HttpRecorder();
const toNetworkServer = new HttpRecorder();
const toApplicationServer = new HttpRecorder();
const gateways = new UdpRecorder();
const devices = [testDevice("1.0.3", 1), testDevice("1.1.0", 2)];
/** Keys by name, of every generation and session of the run. */
const rootKeys = new Map<string, Uint8Array>();
const appSKeys = new Map<string, Uint8Array>();
const networkKeys = new Map<string, Uint8Array>();
/** Those that the Join Server shares with the other two. */
const keks = new Map<string, Uint8Array>();
/** What was found where it must not be, while the run went on and at its end. */
const leaks = new Set<string>();

let testNetwork: TestNetwork;
let outside: string;

before(async () => {
  const via = {
    joinServer: await toJoinServer.listen(),
    networkServer: await toNetworkServer.listen(),
    applicationServer: await toApplicationServer.listen(),
    gatewayPort: await gateways.listen(),
  };
  testNetwork = createTestNetwork({ via });
  outside = mkdtempSync(join(tmpdir(), "warren-e2e-"));
  const { network } = testNetwork;
  await network.start(({ backend, networkServer, applicationServer, gateway }) => {
    toJoinServer.forwardTo(backend);
    toNetworkServer.forwardTo(networkServer);
    toApplicationServer.forwardTo(applicationServer);
    gateways.forwardTo(gateway);
  });
  for (const role of ["network-server", "application-server"] as const) {
    keks.set(
      `KEK of ${role}`,
      parseHex(readFileSync(join(network.folderOf(role), "kek"), "utf8").trim()),
    );
  }
  for (const device of devices) {
    const keys = await provisionDevice(network, device);
    assert.ok(keys);
    rootKeys.set(`NwkKey 0 of ${device.macVersion}`, parseHex(keys.nwkKey));
    if (keys.appKey) rootKeys.set(`AppKey 0 of ${device.macVersion}`, parseHex(keys.appKey));
  }
  await Promise.all(
    devices.map((device) =>
      liveTheLife({ network, device, timeoutMs: 120_000, onStep: () => void collectKeys(device) }),
    ),
  );
  for (const device of devices) await collectKeys(device);
  searchMemory();
});

after(async () => {
  await testNetwork.remove();
  rmSync(outside, { recursive: true, force: true });
  await Promise.all([toJoinServer.close(), toNetworkServer.close(), toApplicationServer.close()]);
  gateways.close();
});

test("the run had root keys of two generations and several sessions", () => {
  assert.ok(rootKeys.size >= 4 + 3, `${rootKeys.size} root keys`);
  assert.ok(appSKeys.size >= 6, `${appSKeys.size} AppSKeys`);
});

test("the search finds what is there: root keys in the Join Server, session keys where they belong", {
  skip,
}, () => {
  const { network } = testNetwork;
  const current = new KeySearch(soughtOf(rootKeys));
  assert.ok(current.inMemoryOf(pidOf("join-server")).size >= 4);
  // Devices have their root keys in the clear.
  assert.ok(current.inFolder(network.folderOf("simulator")).size >= 4);
  assert.ok(new KeySearch(soughtOf(keks)).inFolder(network.folderOf("network-server")).size >= 1);
  assert.ok(new KeySearch(soughtOf(networkKeys)).inMemoryOf(pidOf("network-server")).size >= 2);
  assert.ok(
    new KeySearch(soughtOf(networkKeys)).inFolder(network.folderOf("network-server")).size >= 2,
  );
  assert.ok(new KeySearch(soughtOf(appSKeys)).inMemoryOf(pidOf("application-server")).size >= 2);
  const wrapped = toApplicationServer.exchanges
    .map(({ requestBody }) => /"AESKey":"([0-9a-f]{48})"/.exec(requestBody)?.[1])
    .filter((hex) => hex !== undefined);
  const envelopes = wrapped.map((hex, index) => ({ name: `${index}`, bytes: parseHex(hex) }));
  assert.ok(searchTraffic(new KeySearch(envelopes), toApplicationServer).size > 0);
});

test("the Join Server's files hold no root key, no session key and no KEK in the clear", () => {
  const search = new KeySearch(soughtOf(rootKeys, appSKeys, networkKeys, keks));
  assert.deepEqual([...search.inFolder(testNetwork.network.folderOf("join-server"))], []);
});

test("no root key and no AppSKey was ever in the Network Server's memory", { skip }, () => {
  assert.deepEqual([...leaks], []);
});

test("no root key and no AppSKey is in the Network Server's files", () => {
  const search = new KeySearch([...soughtOf(rootKeys), ...soughtOf(appSKeys)]);
  assert.deepEqual([...search.inFolder(testNetwork.network.folderOf("network-server"))], []);
  assert.deepEqual([...search.inFolder(join(testNetwork.dataFolder, "logs"))], []);
});

test("no root key and no session key went over any wire", () => {
  const search = new KeySearch(soughtOf(rootKeys, appSKeys, networkKeys));
  for (const recorder of [toJoinServer, toNetworkServer, toApplicationServer, gateways]) {
    assert.ok(recorder.traffic.length > 10, "there was traffic to search");
    assert.deepEqual([...searchTraffic(search, recorder)], []);
  }
});

test("no root key is in the Application Server's memory or files", { skip }, () => {
  const search = new KeySearch(soughtOf(rootKeys));
  assert.deepEqual([...search.inMemoryOf(pidOf("application-server"))], []);
  assert.deepEqual([...search.inFolder(testNetwork.network.folderOf("application-server"))], []);
});

/** Takes the keys the Join Server has now from its database, and looks for them in the others. */
async function collectKeys(device: DemoDevice): Promise<void> {
  const folder = testNetwork.network.folderOf("join-server");
  const store = await openJoinServerStorage(
    { kind: "sqlite", path: join(folder, "join-server.db") },
    (keys) =>
      openVault({ kind: "file", path: join(folder, "master-keys") }, keys, { now: Date.now }),
  );
  const stored = await store.loadDevice(parseEui64(device.devEui)).finally(() => store.close());
  assert.ok(stored);
  const { currentKeys, candidateKeys, generation } = stored.rootKeys;
  const add = (map: Map<string, Uint8Array>, name: string, key: typeof currentKeys.nwkKey) =>
    map.set(`${name} of ${device.macVersion}`, exportAes128Key(key));
  add(rootKeys, `NwkKey ${generation}`, currentKeys.nwkKey);
  add(rootKeys, `AppKey ${generation}`, currentKeys.appKey);
  if (candidateKeys) {
    add(rootKeys, `NwkKey ${generation + 1}`, candidateKeys.nwkKey);
    add(rootKeys, `AppKey ${generation + 1}`, candidateKeys.appKey);
  }
  for (const { joinNonce, keys } of stored.sessions) {
    add(appSKeys, `AppSKey ${joinNonce}`, keys.appSKey);
    add(networkKeys, `FNwkSIntKey ${joinNonce}`, keys.fNwkSIntKey);
    add(networkKeys, `NwkSEncKey ${joinNonce}`, keys.nwkSEncKey);
  }
  searchMemory();
}

function searchMemory(): void {
  if (skip !== false) return;
  const search = new KeySearch([...soughtOf(rootKeys), ...soughtOf(appSKeys)]);
  for (const name of search.inMemoryOf(pidOf("network-server"))) leaks.add(name);
}

function searchTraffic(
  search: KeySearch,
  { traffic }: { readonly traffic: readonly Buffer[] },
): Set<string> {
  return search.inBytes(Buffer.concat(traffic));
}

function soughtOf(...maps: readonly Map<string, Uint8Array>[]): SoughtKey[] {
  return maps.flatMap((map) => [...map].map(([name, bytes]) => ({ name, bytes })));
}

function pidOf(role: "join-server" | "network-server" | "application-server"): number {
  const { pid } = testNetwork.network.handle(role);
  assert.ok(pid);
  return pid;
}
