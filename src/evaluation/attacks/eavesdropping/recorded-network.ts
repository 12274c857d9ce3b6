import { type RandomBytes, systemRandomBytes } from "../../../crypto/random.ts";
import type { X25519PrivateKey } from "../../../crypto/x25519.ts";
import type { DevAddr } from "../../../lorawan/identifiers.ts";
import { decodeJoinRequest, verifyJoinRequestMic } from "../../../lorawan/join/join-request.ts";
import { isLorawan11, type MacVersion } from "../../../lorawan/mac-version.ts";
import {
  nextRootKeyUplink,
  receiveNewKeyReadyAns,
  receiveRootKeyFragment,
  receiveRootKeyUpdateReq,
} from "../../../root-key/device-update.ts";
import { splitIntoFragments } from "../../../root-key/fragments.ts";
import { CID_NEW_KEY_READY, CID_ROOT_KEY_FRAGMENT } from "../../../root-key/mac-commands.ts";
import {
  initialServerState,
  type ServerUpdateState,
  type UpdateStatus,
} from "../../../root-key/server-state.ts";
import {
  joinVerified,
  keysToTryForJoin,
  receiveRootKeyFragment as receiveFragmentAtServer,
  receiveNewKeyReadyReq,
  startUpdate,
} from "../../../root-key/server-update.ts";
import { ALL_SUITES, type Suite } from "../../../root-key/suite.ts";
import { type AirSession, type Carrier, openCommand, sealCommand } from "./air-frame.ts";
import { acceptOf, sessionKeysOf } from "./join-facts.ts";
import { RecordedDevice } from "./recorded-device.ts";

export interface RecordedNetworkOptions {
  readonly macVersion: MacVersion;
  readonly carrier: Carrier;
  /** What the attacker makes of each frame on its way; default: it arrives as it was sent. */
  readonly tamper?: (phyPayload: Uint8Array) => Uint8Array;
  /** Of keys and nonces; default: that of the operating system. */
  readonly random?: RandomBytes;
}

export interface RecordedUpdate {
  readonly suite: Suite;
  readonly isHealing: boolean;
  /** Is told the private key of a healing update, which the Join Server erases. */
  readonly onStarted?: (privateKey: X25519PrivateKey) => void;
}

/** A device, its servers, and every octet that was on the air between them. */
export class RecordedNetwork {
  /** PHYPayloads in the order sent. */
  readonly air: Uint8Array[] = [];
  readonly device: RecordedDevice;
  server: ServerUpdateState;
  readonly #options: RecordedNetworkOptions;
  readonly #random: RandomBytes;
  /** The session as the device has it, and as the servers have it. */
  #ofDevice: AirSession | undefined;
  #ofServers: AirSession | undefined;
  #joinNonce = 0;
  #fCnt = 0;

  constructor(options: RecordedNetworkOptions) {
    this.#options = options;
    this.#random = options.random ?? systemRandomBytes;
    this.device = new RecordedDevice(options.macVersion, this.#random);
    this.server = initialServerState(this.device, this.device.currentKeys);
  }

  join(): void {
    const request = this.device.joinRequest();
    const answer = this.#accept(this.#transmit(request.phyPayload));
    this.#ofDevice = this.device.receiveJoinAccept(request, this.#transmit(answer));
    this.#fCnt = 0;
  }

  /** From the request to the join that commits. */
  update({ onStarted, ...kind }: RecordedUpdate): void {
    const started = startUpdate(this.server, {
      ...kind,
      random: this.#random,
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
      expect(octets !== undefined, "the device has new keys");
      this.#sendUp(octets);
    }
    this.#expectStatus("confirmed");
    this.join();
    this.#expectStatus("committed");
  }

  #expectStatus(status: UpdateStatus): void {
    expect(this.server.update?.status === status, `the update is ${status}`);
  }

  #transmit(phyPayload: Uint8Array): Uint8Array {
    this.air.push(phyPayload);
    return this.#options.tamper?.(phyPayload) ?? phyPayload;
  }

  #carry(octets: Uint8Array, isUplink: boolean): Uint8Array {
    const [from, to] = isUplink
      ? [this.#ofDevice, this.#ofServers]
      : [this.#ofServers, this.#ofDevice];
    expect(from !== undefined && to !== undefined, "both sides have a session");
    const { carrier } = this.#options;
    const sent = sealCommand(from, { isUplink, carrier, octets, fCnt: this.#fCnt++ });
    const received = openCommand(to, this.#transmit(sent));
    expect(received?.isUplink === isUplink, "the frame opens at the other side");
    return received.octets;
  }

  #sendDown(sent: Uint8Array): void {
    const octets = this.#carry(sent, false);
    const { device } = this;
    expect(this.#ofDevice !== undefined, "the device has joined");
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
    device.update = receiveRootKeyUpdateReq(device.update, request, this.#ofDevice, {
      random: this.#random,
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
    expect(tried !== undefined, "the Join-request verifies");
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

/** Nothing is lost here: what does not go through is a defect. */
function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`not as it should be: ${what}`);
}
