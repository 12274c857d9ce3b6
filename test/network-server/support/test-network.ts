import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { BackendClient } from "../../../src/backend/client.ts";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { type Logger, silentLogger } from "../../../src/logger.ts";
import { eu868 } from "../../../src/lorawan/region/eu868.ts";
import { Administration } from "../../../src/network-server/administration.ts";
import { NetworkServer } from "../../../src/network-server/network-server.ts";
import type { Device } from "../../../src/network-server/session/device.ts";
import type { KeyPolicy, NetworkServerSettings } from "../../../src/network-server/settings.ts";
import { SqliteNetworkServerStore } from "../../../src/storage/network-server/sqlite-network-server-store.ts";
import { AS_TOKEN, FakeApplicationServer } from "./fake-application-server.ts";
import { type FakeDevice, NET_ID } from "./fake-device.ts";
import { FakeGateway } from "./fake-gateway.ts";
import { FakeJoinServer, NS_KEK } from "./fake-join-server.ts";

export const NO_POLICY: KeyPolicy = {
  rootKeys: { afterMs: 0, afterFrames: 0, afterSessions: 0 },
  sessions: { afterMs: 0, afterFrames: 0, retryMs: 60_000 },
  rootKeyRetryMs: 60_000,
  rejoinParameters: undefined,
  deviceStatusAfterMs: 0,
};

/** A Network Server between a fake gateway, a fake Join Server and a fake Application Server. */
export interface TestNetwork {
  readonly path: string;
  /** The Network Server's clock: the machine's, moved on by as much as the test says. */
  readonly clock: { offsetMs: number; now(): number };
  readonly joinServer: FakeJoinServer;
  readonly applicationServer: FakeApplicationServer;
  networkServer: NetworkServer;
  store: SqliteNetworkServerStore;
  gateway: FakeGateway;
  /** A further gateway. */
  addGateway(number: number): Promise<FakeGateway>;
  /** Makes a device known to both servers. */
  addDevice(device: FakeDevice): Device;
  /** Stops the Network Server and starts another one on the same database. */
  restart(): Promise<void>;
}

export async function startTestNetwork(
  test: TestContext,
  changes: Partial<NetworkServerSettings> = {},
  logger: Logger = silentLogger,
): Promise<TestNetwork> {
  const folder = mkdtempSync(join(tmpdir(), "warren-ns-"));
  const path = join(folder, "network-server.db");
  const joinServer = await new FakeJoinServer().listen();
  const applicationServer = await new FakeApplicationServer().listen();
  const gateways: FakeGateway[] = [];
  const clock = { offsetMs: 0, now: () => Date.now() + clock.offsetMs };
  let serverPort = 0;

  const start = async () => {
    const store = new SqliteNetworkServerStore(path);
    const networkServer = new NetworkServer({
      settings: {
        netId: NET_ID,
        region: eu868,
        rxDelaySeconds: 1,
        deduplicationMs: 30,
        keks: [NS_KEK],
        policy: NO_POLICY,
        relaysRootKeys: true,
        ...changes,
      },
      store,
      joinServer: new BackendClient({
        url: joinServer.url,
        senderId: NET_ID,
        randomBytes: systemRandomBytes,
      }),
      applicationServers: new Map([
        ["as", { url: `http://127.0.0.1:${applicationServer.port}`, token: AS_TOKEN }],
      ]),
      clock,
      randomBytes: systemRandomBytes,
      logger,
      policyTickMs: 50,
      txAckTimeoutMs: 150,
      firstRetryMs: 50,
    });
    const address = await networkServer.start("127.0.0.1", 0);
    serverPort = Number(new URL(address).port);
    return { store, networkServer };
  };
  const addGateway = async (number: number) => {
    const gateway = await new FakeGateway(number, serverPort).connect();
    gateways.push(gateway);
    return gateway;
  };

  const network: TestNetwork = {
    path,
    clock,
    joinServer,
    applicationServer,
    ...(await start()),
    gateway: undefined as unknown as FakeGateway,
    addGateway,
    addDevice: (device) => {
      joinServer.devices.set(device.devEui, device);
      const { devEui, joinEui, macVersion } = device;
      const administration = new Administration(network.networkServer.context);
      return administration.putDevice({ devEui, joinEui, macVersion, asId: "as" });
    },
    restart: async () => {
      await network.networkServer.close();
      network.store.close();
      Object.assign(network, await start());
      network.gateway = await addGateway(1);
    },
  };
  network.gateway = await addGateway(1);
  test.after(async () => {
    for (const gateway of gateways) gateway.close();
    await network.networkServer.close();
    network.store.close();
    joinServer.close();
    applicationServer.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return network;
}

/** Joins over the air: request, accept, and in 1.1 the first uplink with RekeyInd. */
export async function joinDevice(network: TestNetwork, device: FakeDevice): Promise<void> {
  const accept = await network.gateway.exchange(device.joinRequest());
  device.acceptJoin(accept.txpk.phyPayload);
  if (!device.is11) return;
  const { txpk } = await network.gateway.exchange(device.uplink({ fOpts: Uint8Array.of(0x0b, 1) }));
  device.open(txpk.phyPayload);
}
