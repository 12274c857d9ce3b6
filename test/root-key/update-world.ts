import assert from "node:assert/strict";
import { aesCmac } from "../../src/crypto/aes-cmac.ts";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import type { RandomBytes } from "../../src/crypto/random.ts";
import { X25519_KEY_BYTES } from "../../src/crypto/x25519.ts";
import { WarrenError } from "../../src/errors.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import type { UpdateSession } from "../../src/root-key/derivation/context.ts";
import { type DeviceUpdateState, initialDeviceState } from "../../src/root-key/device-state.ts";
import * as device from "../../src/root-key/device-update.ts";
import { FRAGMENT_BYTES, splitIntoFragments } from "../../src/root-key/fragments.ts";
import {
  CID_NEW_KEY_READY,
  CID_ROOT_KEY_FRAGMENT,
  CID_ROOT_KEY_UPDATE,
} from "../../src/root-key/mac-commands.ts";
import type { RootKeys, WhichKeys } from "../../src/root-key/root-keys.ts";
import {
  initialServerState,
  type ServerUpdateState,
  type UpdateStatus,
} from "../../src/root-key/server-state.ts";
import * as server from "../../src/root-key/server-update.ts";
import { ALL_SUITES, DEFAULT_SUITE, type Suite } from "../../src/root-key/suite.ts";
import { identity, key } from "./fixtures.ts";
import {
  checkErased,
  keyAsHex,
  keysAsHex,
  sameKeys,
  throughStorage,
} from "./support/stored-state.ts";

/** Room for every root key message. */
const LONGEST_UPLINK_BYTES = 222;

/** The functions under test, so that a mutation test can break one. */
export interface Machines {
  readonly device: typeof device;
  readonly server: typeof server;
}

export const REAL_MACHINES: Machines = { device, server };

export interface WorldOptions {
  readonly machines: Machines;
  /**
   * Whether a Join-Accept verifies for its own Join-Request alone, as in LoRaWAN 1.1. In 1.0.x a
   * device takes any recorded Join-Accept under the same keys.
   */
  readonly isJoinAcceptBound: boolean;
}

/** One thing that happens, by somebody's decision or by chance. */
export type Step =
  | {
      readonly do: "start";
      readonly suite: Suite;
      readonly isHealing: boolean;
      readonly inFragments: boolean;
    }
  | { readonly do: "repeat"; readonly inFragments: boolean }
  | { readonly do: "uplink"; readonly roomBytes: number }
  | { readonly do: "abort" | "join" | "restart-device" | "restart-server" }
  /** The attacker delivers any message ever sent, for the first time or again; 0 is the newest. */
  | { readonly do: "deliver"; readonly age: number }
  | { readonly do: "toggle-busy" };

type Message =
  | { readonly to: "device"; readonly octets: Uint8Array }
  | { readonly to: "server"; readonly octets: Uint8Array }
  /** The keys stand for the MIC: the attacker can repeat a message, not make one. */
  | { readonly to: "join-server"; readonly keys: RootKeys; readonly devNonce: number }
  | {
      readonly to: "joining-device";
      readonly keys: RootKeys;
      readonly devNonce: number;
      readonly joinNonce: number;
    };

/** A device, its Join Server, and between them an attacker who owns the network. */
export class UpdateWorld {
  device: DeviceUpdateState;
  server: ServerUpdateState;
  /** Every status an update has been seen in. */
  readonly seenStatuses = new Set<UpdateStatus>();
  /** How many of the commits were of healing updates. */
  healingCommits = 0;

  readonly #options: WorldOptions;
  readonly #messages: Message[] = [];
  readonly #retiredByServer: string[] = [];
  readonly #retiredByDevice: string[] = [];
  #drawn = 0;
  #isBusy = false;

  /** Lost in a restart, like everything of the device that is not in `device`. */
  #session: UpdateSession | undefined;
  #outstanding: { which: WhichKeys; keys: RootKeys; devNonce: number } | undefined;
  #lastDevNonce = 0;

  readonly #usedDevNonces = new Set<number>();
  #sessions: readonly UpdateSession[] = [];
  #lastJoinNonce = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const nwkKey = key(1);
    // A 1.0.x device without GenAppKey has one root key in both places.
    const factoryKeys = { nwkKey, appKey: options.isJoinAcceptBound ? key(2) : nwkKey };
    this.device = initialDeviceState(identity, factoryKeys);
    this.server = initialServerState(identity, factoryKeys);
  }

  /** Lets one thing happen, then checks all that must hold whatever happens. */
  run(step: Step): void {
    const before = { device: this.device, server: this.server };
    this.#do(step);
    if (this.server.update !== undefined) this.seenStatuses.add(this.server.update.status);
    this.#checkAlways(before);
  }

  /**
   * From now on everything arrives, once and at once: the device must get in, and a new update must
   * go through, of the kind that is asked for.
   */
  checkLiveness(kind: { readonly isHealing: boolean; readonly inFragments: boolean }): void {
    this.run({ do: "restart-device" });
    let attempts = 0;
    while (this.#session === undefined) {
      assert.ok(attempts < 3, "a device joins within three attempts");
      attempts++;
      this.exchange({ do: "join" });
    }
    if (this.#isBusy) this.run({ do: "toggle-busy" });
    const { generation } = this.server;
    this.exchange({ do: "start", suite: DEFAULT_SUITE, ...kind });
    // Fragments that the device still has, of an attempt eight before, can spoil the first sending.
    if (this.device.lastUpdateId !== this.server.lastUpdateId) {
      assert.ok(kind.inFragments, "a whole request is accepted at once");
      this.exchange({ do: "repeat", inFragments: true });
    }
    const roomBytes = kind.inFragments ? FRAGMENT_BYTES : LONGEST_UPLINK_BYTES;
    for (let uplinks = 0; uplinks < (kind.inFragments ? 5 : 1); uplinks++) {
      assert.equal(this.server.update?.status, "accepted");
      this.exchange({ do: "uplink", roomBytes });
    }
    this.exchange({ do: "join" });
    assert.equal(this.server.update?.status, "committed");
    assert.equal(this.server.generation, generation + 1);
    assert.ok(sameKeys(this.server.currentKeys, this.device.currentKeys));
    assert.equal(this.device.candidate, undefined);
  }

  /** Runs a step and lets through, in order and once, the first messages that come of it. */
  exchange(step: Step, passes = Number.POSITIVE_INFINITY): void {
    let next = this.#messages.length;
    this.run(step);
    for (let passed = 0; passed < passes && next < this.#messages.length; passed++) {
      this.run({ do: "deliver", age: this.#messages.length - 1 - next });
      next++;
    }
  }

  #do(step: Step): void {
    switch (step.do) {
      case "start":
      case "repeat":
      case "abort":
        this.#operate(step);
        break;
      case "uplink":
        this.#uplink(step.roomBytes);
        break;
      case "join":
        this.#join();
        break;
      case "restart-device":
        this.device = throughStorage(this.device);
        this.#session = undefined;
        this.#outstanding = undefined;
        break;
      case "restart-server":
        this.server = throughStorage(this.server);
        break;
      case "toggle-busy":
        this.#isBusy = !this.#isBusy;
        break;
      case "deliver":
        this.#deliver(this.#messages.at(-1 - (step.age % this.#messages.length)));
        break;
    }
  }

  #operate(step: Step): void {
    const { startUpdate, repeatRequest, failUpdate } = this.#options.machines.server;
    try {
      if (step.do === "start") {
        const started = startUpdate(this.server, {
          suite: step.suite,
          isHealing: step.isHealing,
          random: this.#random,
          allowRabbitSplit: true,
        });
        this.server = started.state;
        this.#send("device", started.request, step.inFragments);
      } else if (step.do === "repeat") {
        this.#send("device", repeatRequest(this.server), step.inFragments);
      } else {
        this.server = failUpdate(this.server, "aborted");
      }
    } catch (error) {
      // An operator may ask for what is not possible now.
      assert.ok(error instanceof WarrenError && error.code === "update-not-found");
    }
  }

  #send(to: "device" | "server", octets: Uint8Array, inFragments: boolean): void {
    for (const part of inFragments ? splitIntoFragments(octets) : [octets]) {
      this.#messages.push({ to, octets: part });
    }
  }

  #uplink(roomBytes: number): void {
    if (this.#session === undefined) return;
    const { state, octets } = this.#options.machines.device.nextRootKeyUplink(
      this.device,
      roomBytes,
    );
    this.device = state;
    if (octets !== undefined) this.#messages.push({ to: "server", octets });
  }

  #join(): void {
    const { state, which, keys } = this.#options.machines.device.keysForNextJoin(this.device);
    this.device = state;
    this.#lastDevNonce++;
    this.#outstanding = { which, keys, devNonce: this.#lastDevNonce };
    this.#messages.push({ to: "join-server", keys, devNonce: this.#lastDevNonce });
  }

  #deliver(message: Message | undefined): void {
    switch (message?.to) {
      case undefined:
        break;
      case "device":
        this.#deliverToDevice(message.octets);
        break;
      case "server":
        this.#deliverToServer(message.octets);
        break;
      case "join-server":
        this.#deliverJoinRequest(message.keys, message.devNonce);
        break;
      case "joining-device":
        this.#deliverJoinAccept(message);
        break;
    }
  }

  /** The old session goes on during a join: more can happen than with a device that leaves it. */
  #deliverToDevice(octets: Uint8Array): void {
    if (this.#session === undefined) return;
    const { receiveNewKeyReadyAns, receiveRootKeyFragment } = this.#options.machines.device;
    if (octets[0] === CID_NEW_KEY_READY) {
      this.device = receiveNewKeyReadyAns(this.device, octets).state;
      return;
    }
    let request: Uint8Array | undefined = octets;
    if (octets[0] === CID_ROOT_KEY_FRAGMENT) {
      const collected = receiveRootKeyFragment(this.device, octets);
      this.device = collected.state;
      request = collected.message;
    }
    if (request !== undefined) this.#deliverRequest(request, this.#session);
  }

  #deliverRequest(octets: Uint8Array, session: UpdateSession): void {
    const received = this.#options.machines.device.receiveRootKeyUpdateReq(
      this.device,
      octets,
      session,
      {
        random: this.#randomOfDevice,
        supportedSuites: ALL_SUITES,
        supportsHealing: true,
        isBusy: this.#isBusy,
      },
    );
    this.device = received.state;
    if (received.answer !== undefined) {
      this.#messages.push({ to: "server", octets: received.answer });
    }
  }

  #deliverToServer(octets: Uint8Array): void {
    const { receiveRootKeyUpdateAns, receiveRootKeyFragment } = this.#options.machines.server;
    if (octets[0] === CID_ROOT_KEY_UPDATE) {
      this.server = receiveRootKeyUpdateAns(this.server, octets).state;
      return;
    }
    let ready: Uint8Array | undefined = octets;
    if (octets[0] === CID_ROOT_KEY_FRAGMENT) {
      const collected = receiveRootKeyFragment(this.server, octets);
      this.server = collected.state;
      ready = collected.message;
    }
    if (ready !== undefined) this.#deliverReady(ready);
  }

  #deliverReady(octets: Uint8Array): void {
    const { receiveNewKeyReadyReq } = this.#options.machines.server;
    const received = receiveNewKeyReadyReq(this.server, octets, this.#sessions);
    this.server = received.state;
    if (received.answer !== undefined) {
      this.#messages.push({ to: "device", octets: received.answer });
    }
  }

  #deliverJoinRequest(keys: RootKeys, devNonce: number): void {
    const { keysToTryForJoin, joinVerified } = this.#options.machines.server;
    const tried = keysToTryForJoin(this.server).find((one) => sameKeys(one.keys, keys));
    if (tried === undefined || !this.#isFresh(devNonce)) return;
    this.server = joinVerified(this.server, tried.which);
    this.#usedDevNonces.add(devNonce);
    this.#lastJoinNonce++;
    const joinNonce = this.#lastJoinNonce;
    this.#sessions = [makeSession(keys, joinNonce, devNonce), ...this.#sessions].slice(0, 2);
    this.#messages.push({ to: "joining-device", keys, devNonce, joinNonce });
  }

  /** A counter in 1.1; in 1.0.x any value not seen before, so old requests that got lost still count. */
  #isFresh(devNonce: number): boolean {
    return this.#options.isJoinAcceptBound
      ? devNonce > Math.max(0, ...this.#usedDevNonces)
      : !this.#usedDevNonces.has(devNonce);
  }

  #deliverJoinAccept(accept: Message & { readonly to: "joining-device" }): void {
    const outstanding = this.#outstanding;
    if (outstanding === undefined || !sameKeys(outstanding.keys, accept.keys)) return;
    if (this.#options.isJoinAcceptBound && outstanding.devNonce !== accept.devNonce) return;
    this.device = this.#options.machines.device.joinAccepted(this.device, outstanding.which);
    this.#session = makeSession(accept.keys, accept.joinNonce, outstanding.devNonce);
    this.#outstanding = undefined;
  }

  #checkAlways(before: { device: DeviceUpdateState; server: ServerUpdateState }): void {
    const { device: ed, server: js } = this;
    if (ed === before.device && js === before.server) return;
    const candidate = ed.candidate;
    const isAmong = (keys: RootKeys | undefined) =>
      keys !== undefined && sameKeys(js.currentKeys, keys);
    assert.ok(
      isAmong(ed.currentKeys) || isAmong(candidate?.keys),
      "the invariant: current keys of the Join Server are current or candidate of the device",
    );
    assert.ok(
      isAmong(ed.currentKeys) || candidate?.isConfirmed,
      "reachability: the device tries the current keys of the Join Server in its joins",
    );

    assert.ok(js.lastUpdateId >= before.server.lastUpdateId, "UpdateID of the server never falls");
    assert.ok(ed.lastUpdateId >= before.device.lastUpdateId, "UpdateID of the device never falls");
    assert.ok(ed.lastUpdateId <= js.lastUpdateId, "the device accepts no UpdateID never given");

    const { x25519PrivateKey: heldBefore } = before.server;
    const isWaiting = js.update?.status === "prepared" || js.update?.status === "accepted";
    assert.equal(
      js.x25519PrivateKey !== undefined,
      isWaiting && js.update?.isHealing === true,
      "the Join Server has a private key while it needs it",
    );
    if (heldBefore !== undefined && heldBefore !== js.x25519PrivateKey) {
      // The same key, loaded from storage, is still held.
      const isHeld =
        js.x25519PrivateKey !== undefined && keyAsHex(js.x25519PrivateKey) === keyAsHex(heldBefore);
      if (!isHeld) this.#retiredByServer.push(keyAsHex(heldBefore));
    }

    const isCommit = js.generation !== before.server.generation;
    const isSwitch = !sameKeys(ed.currentKeys, before.device.currentKeys);
    assert.equal(js.generation, before.server.generation + (isCommit ? 1 : 0));
    assert.equal(isCommit, !sameKeys(js.currentKeys, before.server.currentKeys));
    if (isCommit && js.update?.isHealing) this.healingCommits++;
    if (isCommit) this.#retiredByServer.push(...keysAsHex(before.server.currentKeys));
    if (isSwitch) this.#retiredByDevice.push(...keysAsHex(before.device.currentKeys));
    if (js !== before.server) checkErased(js, this.#retiredByServer);
    if (ed !== before.device) checkErased(ed, this.#retiredByDevice);
  }

  /** As `#random`; what is drawn for a private key must never be in what the device keeps. */
  readonly #randomOfDevice: RandomBytes = (lengthBytes) => {
    const bytes = this.#random(lengthBytes);
    if (lengthBytes === X25519_KEY_BYTES) this.#retiredByDevice.push(formatHex(bytes));
    return bytes;
  };

  /** Different bytes at every draw, the same in every run. */
  readonly #random: RandomBytes = (lengthBytes) => {
    this.#drawn++;
    const drawn = this.#drawn;
    return Uint8Array.from({ length: lengthBytes }, (_, index) => drawn >> (8 * index));
  };
}

/** Four keys that follow from what a join agreed on, as in LoRaWAN; the formula does not matter here. */
function makeSession(keys: RootKeys, joinNonce: number, devNonce: number): UpdateSession {
  const seed = Uint8Array.of(joinNonce >> 8, joinNonce, devNonce >> 8, devNonce);
  const nwkSKey = importAes128Key(aesCmac(keys.nwkKey, seed));
  const appSKey = importAes128Key(aesCmac(keys.appKey, seed));
  return { joinNonce, fNwkSIntKey: nwkSKey, sNwkSIntKey: nwkSKey, nwkSEncKey: nwkSKey, appSKey };
}
