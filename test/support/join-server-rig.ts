import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { after, before } from "node:test";
import { decodeKeyEnvelope, openKeyEnvelope } from "../../src/backend/key-envelope.ts";
import { Members } from "../../src/backend/members.ts";
import type { Clock } from "../../src/clock.ts";
import type { Aes128Key } from "../../src/crypto/aes128.ts";
import { importKek, type Kek } from "../../src/crypto/key-wrap.ts";
import { systemRandomBytes } from "../../src/crypto/random.ts";
import { EventHub } from "../../src/events/event-hub.ts";
import { eventLog } from "../../src/events/event-log.ts";
import { Administration } from "../../src/join-server/administration.ts";
import { CampaignAdministration } from "../../src/join-server/campaigns/campaign-administration.ts";
import { CampaignRunner } from "../../src/join-server/campaigns/campaign-runner.ts";
import { JoinServer } from "../../src/join-server/join-server.ts";
import { SeenByProcess } from "../../src/join-server/overview/seen-by-process.ts";
import { PolicyBook } from "../../src/join-server/policies/policy-book.ts";
import type { ApplicationServerLink } from "../../src/join-server/ports/application-server-link.ts";
import type { JoinServerEvent } from "../../src/join-server/ports/events.ts";
import type { NetworkServerLink } from "../../src/join-server/ports/network-server-link.ts";
import type { UpdatePolicy } from "../../src/join-server/root-key-updates/update-policy.ts";
import { UpdateRunner } from "../../src/join-server/root-key-updates/update-runner.ts";
import type { RequestLimits } from "../../src/join-server/senders/request-limits.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { isLorawan11 } from "../../src/lorawan/mac-version.ts";
import type { HttpApp } from "../../src/server/http-app.ts";
import { type AdminAppOptions, createAdminApp } from "../../src/server/join-server/admin-app.ts";
import {
  type BackendAppOptions,
  createBackendApp,
} from "../../src/server/join-server/backend-app.ts";
import { addCampaignRoutes } from "../../src/server/join-server/campaigns/campaign-routes.ts";
import { addEventRoutes } from "../../src/server/join-server/events/event-routes.ts";
import { addImportRoutes } from "../../src/server/join-server/import/import-routes.ts";
import { SqliteJoinServerStore } from "../../src/storage/join-server/sqlite/sqlite-join-server-store.ts";
import { dumpDatabase } from "./database-dump.ts";
import { captureLog, type LogCapture } from "./log-capture.ts";
import { SETTINGS } from "./running-settings.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { type AirRequest, randomKey, type TestDevice } from "./test-device.ts";
import { testVault } from "./test-vault.ts";

export type Json = Record<string, unknown>;

export const NET_ID = "000013";
export const OTHER_NET_ID = "000014";
export const AS_ID = "example-as";
export const OTHER_AS_ID = "other-as";
export const ADMIN_TOKEN = "test-administration-token";
export const DEV_ADDR = "260b1a2c";

/** What the Network Server says of a join besides the frame. */
export interface JoinOptions {
  readonly optNeg?: boolean;
  readonly cfList?: string;
  readonly members?: Json;
}

export interface RigOptions {
  /** Default: a new file in a temporary folder. */
  readonly path?: string;
  readonly updatePolicy?: UpdatePolicy;
  readonly networkServerLink?: NetworkServerLink;
  readonly applicationServerLink?: ApplicationServerLink;
  readonly failuresPerMinute?: number;
  /** Routes of the administration API besides those of a Join Server. */
  readonly addRoutes?: (scope: HttpApp) => void;
  /** Default: none. */
  readonly limits?: RequestLimits;
  /** Default 0: a repeated join is a replay. */
  readonly repeatWindowMs?: number;
  /** Of the listener for peers. */
  readonly backend?: Partial<BackendAppOptions>;
  /** Epoch milliseconds; default: there are no certificates. */
  readonly certificateExpiries?: readonly number[];
  /** Of the administration API and the console. */
  readonly admin?: Partial<AdminAppOptions>;
}

/**
 * A whole Join Server on a real SQLite file, spoken to by `inject()`: one Network Server and two
 * Application Servers are known, each with a KEK of its own. Closed after the suite.
 */
export class JoinServerRig {
  readonly path: string;
  readonly clock: Clock & { time: number };
  readonly log: LogCapture = captureLog();
  readonly nsKek: Kek = importKek(systemRandomBytes(16));
  readonly asKek: Kek = importKek(systemRandomBytes(16));
  readonly otherAsKek: Kek = importKek(systemRandomBytes(16));
  /** RootKeyUpdateReq to Network Servers, and to Application Servers. */
  readonly deliveries: { devEui: string; macCommand: string }[] = [];
  readonly portDeliveries: { devEui: string; macCommand: string }[] = [];
  readonly events: JoinServerEvent[] = [];
  /** Bodies of every answer, for searches. */
  readonly bodies: string[] = [];
  store: SqliteJoinServerStore;
  backend!: HttpApp;
  admin!: HttpApp;
  joinServer!: JoinServer;
  /** Ticks only when a test says so. */
  campaigns!: CampaignRunner;
  updates!: UpdateRunner;
  readonly #options: RigOptions;

  constructor(options: RigOptions = {}) {
    this.#options = options;
    after(() => this.store.close());
    this.path = options.path ?? join(temporaryFolder(), "data", "join-server.db");
    this.clock = {
      time: Date.parse("2026-01-01T00:00:00Z"),
      now() {
        return this.time;
      },
    };
    this.store = SqliteJoinServerStore.openWith(this.path, testVault());
    this.#createApps();
  }

  /** Within one test, with the peers in place. */
  static async start(options: RigOptions = {}): Promise<JoinServerRig> {
    const rig = new JoinServerRig(options);
    await rig.addPeers();
    return rig;
  }

  async addPeers(): Promise<void> {
    const kek = (key: Aes128Key | Kek) => formatHex(new Uint8Array(key.export()));
    await this.put(`network-servers/${NET_ID}`, {
      kekLabel: "ns:kek",
      kek: kek(this.nsKek),
      relaysRootKeyUpdates: true,
    });
    await this.put(`network-servers/${OTHER_NET_ID}`, { kek: kek(randomKey()) });
    await this.put(`application-servers/${AS_ID}`, { kekLabel: "as:kek", kek: kek(this.asKek) });
    await this.put(`application-servers/${OTHER_AS_ID}`, { kek: kek(this.otherAsKek) });
  }

  /** As a restart of the process: closes the database and opens it anew. */
  restart(): void {
    void this.store.close();
    this.store = SqliteJoinServerStore.openWith(this.path, testVault());
    this.#createApps();
  }

  dump(): string {
    return dumpDatabase(this.path);
  }

  /** One administration call; asserts no status. */
  async call(
    method: "GET" | "PUT" | "POST" | "DELETE" | "PATCH",
    path: string,
    payload?: Json,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: Json; headers: Json }> {
    const response = await this.admin.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
      ...(payload && { payload }),
    });
    this.bodies.push(response.body);
    const body = response.body === "" ? {} : response.json();
    return { status: response.statusCode, body, headers: response.headers };
  }

  async put(path: string, payload: Json): Promise<Json> {
    const { status, body } = await this.call("PUT", path, payload);
    assert.ok(status === 200 || status === 201, JSON.stringify(body));
    return body;
  }

  /** Registers the device of the test. */
  register(device: TestDevice, changes: Json = {}): Promise<Json> {
    return this.put(`devices/${device.devEui}`, { ...registrationOf(device), ...changes });
  }

  async show(device: TestDevice): Promise<Json> {
    return (await this.call("GET", `devices/${device.devEui}`)).body;
  }

  /** One message of the Backend Interfaces; HTTP 200 is asserted, the Result is not. */
  async ask(messageType: string, members: Json): Promise<Json> {
    const response = await this.backend.inject({
      method: "POST",
      url: "/",
      payload: { ...headerOf(messageType), ...members },
    });
    this.bodies.push(response.body);
    assert.equal(response.statusCode, 200, response.body);
    return response.json();
  }

  /** JoinReq or RejoinReq, as the frame is. */
  askJoin(device: TestDevice, request: AirRequest, options: JoinOptions = {}): Promise<Json> {
    const messageType = request.joinReqType === 0xff ? "JoinReq" : "RejoinReq";
    return this.ask(messageType, joinMembers(device, request, options));
  }

  /** A whole join or rejoin that must succeed: the device is in the new session then. */
  async join(
    device: TestDevice,
    request: AirRequest = device.joinRequest(),
    options: JoinOptions = {},
  ): Promise<Json> {
    const answer = await this.askJoin(device, request, options);
    assert.deepEqual(answer["Result"], { ResultCode: "Success" });
    device.receiveJoinAccept(request, parseHex(answer["PHYPayload"] as string));
    return answer;
  }

  #createApps(): void {
    const seen = new SeenByProcess(this.clock.time);
    const shared = {
      store: this.store,
      clock: this.clock,
      randomBytes: systemRandomBytes,
      events: {
        publish: (event: JoinServerEvent) => {
          this.events.push(event);
          seen.receive(event);
          eventLog(this.log.logger)({ id: this.events.length, event });
        },
      },
      logger: this.log.logger,
      updatePolicy: this.#options.updatePolicy ?? {
        expiryMs: 86_400_000,
        attemptPeriodMs: 0,
        allowRabbitSplit: false,
        shortestPeriodMs: 0,
      },
      policies: new PolicyBook({ store: this.store, clock: this.clock, logger: this.log.logger }),
    };
    const networkServerLink = this.#options.networkServerLink ?? {
      sendRootKeyUpdateReq: (_peer, { devEui }, macCommand) => {
        this.deliveries.push({ devEui, macCommand: formatHex(macCommand) });
        return Promise.resolve();
      },
    };
    this.joinServer = new JoinServer({
      ...shared,
      limits: this.#options.limits,
      repeatWindowMs: this.#options.repeatWindowMs ?? 0,
      contacts: seen.contacts,
    });
    this.backend = createBackendApp({
      joinServer: this.joinServer,
      peers: this.store,
      logger: this.log.logger,
      clock: this.clock,
      ...this.#options.backend,
    });
    const applicationServerLink = this.#options.applicationServerLink ?? {
      sendRootKeyUpdateReq: (_peer, { devEui }, macCommand) => {
        this.portDeliveries.push({ devEui, macCommand: formatHex(macCommand) });
        return Promise.resolve();
      },
    };
    this.updates = new UpdateRunner({ ...shared, networkServerLink, applicationServerLink });
    const administration = new Administration({ ...shared, updateStarter: this.updates });
    const { shortestPeriodMs } = shared.updatePolicy;
    this.campaigns = new CampaignRunner({ ...shared, starter: this.updates, shortestPeriodMs });
    this.admin = createAdminApp({
      administration,
      store: this.store,
      process: {
        seen,
        certificateExpiries: () => this.#options.certificateExpiries ?? [],
        settings: () => SETTINGS,
      },
      adminToken: ADMIN_TOKEN,
      logger: this.log.logger,
      clock: this.clock,
      failuresPerMinute: this.#options.failuresPerMinute ?? 1_000_000,
      addRoutes: (scope) => {
        this.#options.addRoutes?.(scope);
        addEventRoutes(scope, new EventHub(this.log.logger, 0));
        addImportRoutes(scope, { administration, store: this.store });
        addCampaignRoutes(scope, new CampaignAdministration(shared));
      },
      ...this.#options.admin,
    });
  }
}

/** For all tests of the enclosing file or suite; to be called outside of hooks and tests. */
export function useJoinServer(options: RigOptions = {}): JoinServerRig {
  const rig = new JoinServerRig(options);
  before(() => rig.addPeers());
  return rig;
}

export function registrationOf(device: TestDevice): Json {
  const hex = (key: Aes128Key) => formatHex(new Uint8Array(key.export()));
  return {
    joinEui: device.joinEui,
    macVersion: device.macVersion,
    nwkKey: hex(device.currentKeys.nwkKey),
    ...(isLorawan11(device.macVersion) && { appKey: hex(device.currentKeys.appKey) }),
    homeNetId: NET_ID,
    asId: AS_ID,
  };
}

export function headerOf(messageType: string): Json {
  return {
    ProtocolVersion: "1.0",
    SenderID: NET_ID,
    ReceiverID: "70b3d57ed0000001",
    TransactionID: randomBytes(4).readUInt32BE(),
    MessageType: messageType,
  };
}

export function joinMembers(device: TestDevice, request: AirRequest, options: JoinOptions): Json {
  const optNeg = options.optNeg ?? isLorawan11(device.macVersion);
  return {
    MACVersion: optNeg ? "1.1" : isLorawan11(device.macVersion) ? "1.0.3" : device.macVersion,
    PHYPayload: formatHex(request.phyPayload),
    DevEUI: device.devEui,
    DevAddr: DEV_ADDR,
    DLSettings: optNeg ? "82" : "02",
    RxDelay: 1,
    ...(options.cfList !== undefined && { CFList: options.cfList }),
    ...options.members,
  };
}

/** The key in an envelope of an answer, in hex; throws when the KEK does not open it. */
export function openEnvelope(envelope: unknown, kek?: Kek): string {
  const decoded = decodeKeyEnvelope(new Members(envelope));
  const key = openKeyEnvelope(decoded, kek === undefined ? [] : [{ label: decoded.kekLabel, kek }]);
  return formatHex(new Uint8Array(key.export()));
}

/** Result of an answer as text, with nothing else. */
export function resultOf(answer: Json): string {
  return (answer["Result"] as Json)["ResultCode"] as string;
}

export function keyHex(key: Aes128Key | Kek): string {
  return formatHex(new Uint8Array(key.export()));
}
