import assert from "node:assert/strict";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import type { X25519PrivateKey } from "../../../src/crypto/x25519.ts";
import type { DevAddr, NetId } from "../../../src/lorawan/identifiers.ts";
import { JoinReqType } from "../../../src/lorawan/join/join-accept-mic.ts";
import { decodeJoinRequest, verifyJoinRequestMic } from "../../../src/lorawan/join/join-request.ts";
import { buildJoinAccept } from "../../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsIntKey } from "../../../src/lorawan/keys/join-server-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
} from "../../../src/lorawan/keys/session-keys.ts";
import { isLorawan11, type MacVersion } from "../../../src/lorawan/mac-version.ts";
import {
  nextRootKeyUplink,
  receiveNewKeyReadyAns,
  receiveRootKeyFragment,
  receiveRootKeyUpdateReq,
} from "../../../src/root-key/device-update.ts";
import { splitIntoFragments } from "../../../src/root-key/fragments.ts";
import { CID_NEW_KEY_READY, CID_ROOT_KEY_FRAGMENT } from "../../../src/root-key/mac-commands.ts";
import type { RootKeys } from "../../../src/root-key/root-keys.ts";
import { initialServerState, type ServerUpdateState } from "../../../src/root-key/server-state.ts";
import {
  joinVerified,
  keysToTryForJoin,
  receiveRootKeyFragment as receiveFragmentAtServer,
  receiveNewKeyReadyReq,
  startUpdate,
} from "../../../src/root-key/server-update.ts";
import { ALL_SUITES, type Suite } from "../../../src/root-key/suite.ts";
import { TestDevice } from "../../support/test-device.ts";
import { type AirSession, type Carrier, openCommand, sealCommand } from "./air-frame.ts";

export interface RecordedNetworkOptions {
  readonly macVersion: MacVersion;
  readonly carrier: Carrier;
  /** What the attacker makes of each frame on its way; default: it arrives as it was sent. */
  readonly tamper?: (phyPayload: Uint8Array) => Uint8Array;
}

export interface RecordedUpdate {
  readonly suite: Suite;
  readonly isHealing: boolean;
  /** Is told the private key of a healing update, which the Join Server erases. */
  readonly onStarted?: (privateKey: X25519PrivateKey) => void;
}

const NET_ID = "000013" as NetId;

/** A device, its servers, and every octet that was on the air between them. */
export class RecordedNetwork {
  /** PHYPayloads in the order sent. */
  readonly air: Uint8Array[] = [];
  readonly device: TestDevice;
  server: ServerUpdateState;
  readonly #options: RecordedNetworkOptions;
  /** The session as the device has it, and as the servers have it. */
  #ofDevice: AirSession | undefined;
  #ofServers: AirSession | undefined;
  #joinNonce = 0;
  #fCnt = 0;

  constructor(options: RecordedNetworkOptions) {
    this.#options = options;
    this.device = new TestDevice(options.macVersion);
    this.server = initialServerState(this.device, this.device.currentKeys);
  }

  join(): void {
    const request = this.device.joinRequest();
    const answer = this.#accept(this.#transmit(request.phyPayload));
    const { devAddr } = this.device.receiveJoinAccept(request, this.#transmit(answer));
    this.#ofDevice = { ...this.device.sessionInUse(), devAddr };
    this.#fCnt = 0;
  }

  /** From the request to the join that commits. */
  update({ onStarted, ...kind }: RecordedUpdate): void {
    const started = startUpdate(this.server, {
      ...kind,
      random: systemRandomBytes,
      allowRabbitSplit: true,
    });
    this.server = started.state;
    const { x25519PrivateKey } = started.state;
    if (x25519PrivateKey !== undefined) onStarted?.(x25519PrivateKey);
    const room = this.#options.carrier === "FOpts" ? 15 : 222;
    const isSplit = started.request.length > room;
    for (const part of isSplit ? splitIntoFragments(started.request) : [started.request]) {
      this.#sendDown(part);
    }
    for (let uplinks = 0; this.server.update?.status === "prepared" && uplinks < 5; uplinks++) {
      const { state, octets } = nextRootKeyUplink(this.device.update, room);
      this.device.update = state;
      assert.ok(octets, "the device has new keys");
      this.#sendUp(octets);
    }
    assert.equal(this.server.update?.status, "confirmed");
    this.join();
    assert.equal(this.server.update?.status, "committed");
  }

  #transmit(phyPayload: Uint8Array): Uint8Array {
    this.air.push(phyPayload);
    return this.#options.tamper?.(phyPayload) ?? phyPayload;
  }

  #carry(octets: Uint8Array, isUplink: boolean): Uint8Array {
    const [from, to] = isUplink
      ? [this.#ofDevice, this.#ofServers]
      : [this.#ofServers, this.#ofDevice];
    assert.ok(from && to);
    const { carrier } = this.#options;
    const sent = sealCommand(from, { isUplink, carrier, octets, fCnt: this.#fCnt++ });
    const received = openCommand(to, this.#transmit(sent));
    assert.equal(received?.isUplink, isUplink);
    return received.octets;
  }

  #sendDown(sent: Uint8Array): void {
    const octets = this.#carry(sent, false);
    const { device } = this;
    if (octets[0] === CID_NEW_KEY_READY) {
      device.update = receiveNewKeyReadyAns(device.update, octets).state;
      return;
    }
    let request: Uint8Array | undefined = octets;
    if (octets[0] === CID_ROOT_KEY_FRAGMENT) {
      const collected = receiveRootKeyFragment(device.update, octets);
      device.update = collected.state;
      request = collected.message;
    }
    if (request === undefined) return;
    device.update = receiveRootKeyUpdateReq(device.update, request, device.sessionInUse(), {
      random: systemRandomBytes,
      supportedSuites: ALL_SUITES,
      supportsHealing: true,
      isBusy: false,
    }).state;
  }

  #sendUp(sent: Uint8Array): void {
    let octets: Uint8Array | undefined = this.#carry(sent, true);
    if (octets[0] === CID_ROOT_KEY_FRAGMENT) {
      const collected = receiveFragmentAtServer(this.server, octets);
      this.server = collected.state;
      octets = collected.message;
    }
    if (octets === undefined || this.#ofServers === undefined) return;
    const received = receiveNewKeyReadyReq(this.server, octets, [this.#ofServers]);
    this.server = received.state;
    if (received.answer !== undefined) this.#sendDown(received.answer);
  }

  #accept(phyPayload: Uint8Array): Uint8Array {
    const { devNonce } = decodeJoinRequest(phyPayload);
    const tried = keysToTryForJoin(this.server).find(({ keys }) =>
      verifyJoinRequestMic(phyPayload, keys.nwkKey),
    );
    assert.ok(tried, "the Join-request verifies");
    this.server = joinVerified(this.server, tried.which);
    this.#joinNonce++;
    const { devEui, joinEui } = this.server;
    const optNeg = isLorawan11(this.#options.macVersion);
    const devAddr = `260b00${this.#joinNonce.toString(16).padStart(2, "0")}` as DevAddr;
    this.#ofServers = {
      ...sessionKeysOf(tried.keys, { optNeg, joinNonce: this.#joinNonce, joinEui, devNonce }),
      devAddr,
      optNeg,
      joinNonce: this.#joinNonce,
    };
    return acceptOf(tried.keys, {
      devEui,
      joinEui,
      devNonce,
      joinNonce: this.#joinNonce,
      devAddr,
      optNeg,
    });
  }
}

type JoinFacts = Pick<ServerUpdateState, "joinEui"> & {
  readonly optNeg: boolean;
  readonly joinNonce: number;
  readonly devNonce: number;
};

/** The keys of the session that a join makes. */
export function sessionKeysOf(rootKeys: RootKeys, { optNeg, ...facts }: JoinFacts) {
  return optNeg
    ? deriveSessionKeys11({ ...rootKeys, ...facts })
    : deriveSessionKeys10({ key: rootKeys.nwkKey, netId: NET_ID, ...facts });
}

/** A Join-accept as whoever has the root keys makes it. */
export function acceptOf(
  { nwkKey }: RootKeys,
  facts: JoinFacts & Pick<ServerUpdateState, "devEui"> & { readonly devAddr: DevAddr },
): Uint8Array {
  const { optNeg, devEui, joinEui, devNonce, joinNonce, devAddr } = facts;
  return buildJoinAccept({
    joinAccept: {
      joinNonce,
      netId: NET_ID,
      devAddr,
      dlSettings: { optNeg, rx1DrOffset: 0, rx2DataRate: 0 },
      rxDelay: 1,
    },
    mic: optNeg
      ? {
          scheme: "1.1",
          jsIntKey: deriveJsIntKey(nwkKey, devEui),
          joinReqType: JoinReqType.JoinRequest,
          joinEui,
          devNonce,
        }
      : { scheme: "1.0", key: nwkKey },
    encryptionKey: nwkKey,
  });
}
