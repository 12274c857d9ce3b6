import { DownlinkLog } from "../../../src/application-server/downlinks/downlink-log.ts";
import { DownlinkSender } from "../../../src/application-server/downlinks/downlink-sender.ts";
import type {
  EncryptedDownlink,
  NetworkServerPort,
} from "../../../src/application-server/downlinks/network-server-port.ts";
import { EventBell } from "../../../src/application-server/events.ts";
import type { RootKeyJoinServer } from "../../../src/application-server/root-keys/root-key-join-server.ts";
import { RootKeyRelay } from "../../../src/application-server/root-keys/root-key-relay.ts";
import type { Session } from "../../../src/application-server/session.ts";
import {
  type AppSKeyAnswer,
  AppSKeyFinder,
} from "../../../src/application-server/uplinks/app-s-key.ts";
import type { UplinkMessage } from "../../../src/application-server/uplinks/uplink-message.ts";
import { UplinkReceiver } from "../../../src/application-server/uplinks/uplink-receiver.ts";
import { type LabelledKek, sealKeyEnvelope } from "../../../src/backend/key-envelope.ts";
import type { Clock } from "../../../src/clock.ts";
import { type Aes128Key, importAes128Key } from "../../../src/crypto/aes128.ts";
import { importKek } from "../../../src/crypto/key-wrap.ts";
import { type Logger, silentLogger } from "../../../src/logger.ts";
import { cipherFrmPayload } from "../../../src/lorawan/data/payload-cipher.ts";
import { parseHex } from "../../../src/lorawan/hex.ts";
import { parseDevAddr, parseEui64 } from "../../../src/lorawan/identifiers.ts";
import { SqliteApplicationServerStore } from "../../../src/storage/application-server/sqlite-application-server-store.ts";

export const DEV_EUI = parseEui64("0102030405060708");
export const DEV_ADDR = parseDevAddr("26011bda");
export const JOIN_EUI = parseEui64("70b3d57ed0000000");
export const APP_S_KEY_HEX = "ec925802ae430ca77fd3dd73cb2cc588";
export const OTHER_APP_S_KEY_HEX = "b035cce24e4a040eb5cecbf21724412d";
export const KEK: LabelledKek = {
  label: "as:example",
  kek: importKek(parseHex("000102030405060708090a0b0c0d0e0f")),
};
export const AS_ID = "example-as";
export const ROOT_KEY_F_PORT = 199;
export const NOW = Date.UTC(2026, 0, 1);

export function key(hex: string = APP_S_KEY_HEX): Aes128Key {
  return importAes128Key(parseHex(hex, 16));
}

export function envelope(hex: string = APP_S_KEY_HEX, kek: LabelledKek = KEK) {
  return sealKeyEnvelope(key(hex), kek);
}

export const CLEAR_ENVELOPE = sealKeyEnvelope(key(), undefined);

/** An uplink as the device would encrypt it. */
export function uplink(
  change: Partial<UplinkMessage> & {
    readonly payload?: Uint8Array;
    readonly keyHex?: string;
  } = {},
): UplinkMessage {
  const { payload = Uint8Array.of(1, 2, 3), keyHex = APP_S_KEY_HEX, ...members } = change;
  const message = {
    devEui: DEV_EUI,
    devAddr: DEV_ADDR,
    macVersion: "1.1.0" as const,
    sessionKeyId: "session-1",
    joinEui: JOIN_EUI,
    fPort: 1,
    fCntUp: 0,
    isConfirmed: false,
    reception: { receivedAt: "2026-01-01T00:00:00.000Z", gateways: [] },
    ...members,
  };
  const frmPayload = cipherFrmPayload({
    key: key(keyHex),
    direction: "up",
    devAddr: message.devAddr,
    fCnt32: message.fCntUp,
    payload,
  });
  return { frmPayload, ...message };
}

export function session(change: Partial<Session> = {}): Session {
  return {
    devEui: DEV_EUI,
    sessionKeyId: "session-1",
    devAddr: DEV_ADDR,
    macVersion: "1.1.0",
    appSKey: key(),
    source: "envelope",
    nextFCntDown: 0,
    startedAtMs: NOW,
    ...change,
  };
}

/** What a device makes of a downlink. */
export function decryptOnDevice(downlink: EncryptedDownlink, keyHex: string = APP_S_KEY_HEX) {
  return cipherFrmPayload({
    key: key(keyHex),
    direction: "down",
    devAddr: DEV_ADDR,
    fCnt32: downlink.fCntDown,
    payload: downlink.frmPayload,
  });
}

/** A Network Server that takes everything, unless told otherwise. */
export class ScriptedNetworkServer implements NetworkServerPort {
  readonly taken: EncryptedDownlink[] = [];
  readonly reservations: string[] = [];
  nextFCntDown = 0;
  /** Called before a downlink is taken; throws to refuse it. */
  onDownlink: (downlink: EncryptedDownlink) => void | Promise<void> = () => undefined;
  onReserve: () => void | Promise<void> = () => undefined;

  async reserveFCntDown(_devEui: string, sessionKeyId: string): Promise<number> {
    this.reservations.push(sessionKeyId);
    await this.onReserve();
    return this.nextFCntDown++;
  }

  async sendDownlink(downlink: EncryptedDownlink): Promise<void> {
    await this.onDownlink(downlink);
    this.taken.push(downlink);
  }
}

/** The role with a store in memory, a scripted Network Server and a scripted Join Server. */
export function applicationServer(
  settings: {
    readonly joinServer?: (joinEui: string, sessionKeyId: string) => AppSKeyAnswer | Error;
    readonly joinServerId?: typeof JOIN_EUI;
    readonly keks?: readonly LabelledKek[];
    readonly logger?: Logger;
    /** Default: root key updates go over no port. */
    readonly rootKeys?: RootKeyJoinServer;
    readonly updateAfterFrames?: number;
    readonly clock?: Clock;
    /** Default: a new one in memory. */
    readonly store?: SqliteApplicationServerStore;
  } = {},
) {
  const store = settings.store ?? new SqliteApplicationServerStore(":memory:");
  const asked: string[] = [];
  const networkServer = new ScriptedNetworkServer();
  let idsDrawn = 0;
  const context = {
    store,
    bell: new EventBell(),
    clock: settings.clock ?? { now: () => NOW },
    randomBytes: (lengthBytes: number) => new Uint8Array(lengthBytes).fill(++idsDrawn),
    logger: settings.logger ?? silentLogger,
  };
  const finder = new AppSKeyFinder({
    joinServer: {
      appSKey: async (joinEui, _devEui, sessionKeyId) => {
        asked.push(sessionKeyId);
        await Promise.resolve();
        const answer = settings.joinServer?.(joinEui, sessionKeyId) ?? { refusal: "UnknownDevEUI" };
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    joinServerId: settings.joinServerId,
    keks: settings.keks ?? [KEK],
  });
  const log = new DownlinkLog(context);
  const sender = new DownlinkSender({ ...context, networkServer, log });
  const rootKeyRelay =
    settings.rootKeys &&
    new RootKeyRelay({
      ...context,
      sender,
      joinServer: settings.rootKeys,
      fPort: ROOT_KEY_F_PORT,
      joinServerId: settings.joinServerId,
      updateAfterFrames: settings.updateAfterFrames ?? 0,
    });
  return {
    ...context,
    asked,
    networkServer,
    log,
    receiver: new UplinkReceiver({ ...context, finder, rootKeyRelay }),
    sender,
    rootKeyRelay,
    rootKeyFPort: ROOT_KEY_F_PORT,
    asId: AS_ID,
    /** The types and data of all events so far. */
    events: () =>
      store
        .eventsAfter(0, 1_000)
        .map(({ type, data }): Record<string, unknown> => ({ type, ...data })),
  };
}

export type TestApplicationServer = ReturnType<typeof applicationServer>;

/** Stores a session as a first uplink would. */
export function startSession(server: TestApplicationServer, change: Partial<Session> = {}): void {
  server.store.transaction(() => {
    server.store.saveDevice({ devEui: DEV_EUI, macVersion: "1.1.0", createdAtMs: NOW });
    server.store.startSession(session(change));
  });
}
