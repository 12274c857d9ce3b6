import assert from "node:assert/strict";
import { systemRandomBytes } from "../../../src/crypto/random.ts";
import { MType } from "../../../src/lorawan/mhdr.ts";
import { encodeCfList } from "../../../src/lorawan/region/cf-list.ts";
import { splitIntoFragments } from "../../../src/root-key/fragments.ts";
import { equalRootKeys } from "../../../src/root-key/root-keys.ts";
import { initialServerState, type ServerUpdateState } from "../../../src/root-key/server-state.ts";
import {
  joinVerified,
  keysToTryForJoin,
  receiveNewKeyReadyReq,
  receiveRootKeyFragment,
  receiveRootKeyUpdateAns,
  startUpdate,
} from "../../../src/root-key/server-update.ts";
import type { Suite } from "../../../src/root-key/suite.ts";
import type { EndDevice } from "../../../src/simulator/device/end-device.ts";
import type { RootKeyCarrier } from "../../../src/simulator/device/update/root-key-carrier.ts";
import type { DeviceBench } from "./device-bench.ts";
import { devEui, joinEui, mTypeOf, type UplinkSeen } from "./fake-server.ts";

/** A root key command as it came up. */
export interface CommandSeen {
  readonly octets: Uint8Array;
  readonly carrier: RootKeyCarrier;
  readonly place: "FOpts" | "FPort 0" | "port";
}

/** A device and the Join Server's own update machine, with the fake Network Server between them. */
export class UpdateBench {
  readonly bench: DeviceBench;
  readonly rootKeyFPort: number;
  state: ServerUpdateState;
  request: Uint8Array | undefined;
  answer: Uint8Array | undefined;
  /** How the server's commands go down. */
  carrier: RootKeyCarrier = "mac";
  /** Room for one command on the way down: longer ones go in fragments. */
  roomBytes = 242;
  /** Whether NewKeyReadyAns, and accepts under the candidate, get lost. */
  losesAnswers = false;
  losesAccepts = false;
  readonly requestsUnder: string[] = [];
  readonly seen: CommandSeen[] = [];
  readonly uplinks: UplinkSeen[] = [];
  #nextFragment = 0;

  constructor(bench: DeviceBench) {
    this.bench = bench;
    this.rootKeyFPort = bench.device.profile.rootKeyFPort;
    this.state = initialServerState({ devEui, joinEui }, bench.server.keys);
    bench.onUplink = (frame) => this.#answer(frame);
  }

  start(suite: Suite = 1, isHealing = false): void {
    const options = { suite, isHealing, random: systemRandomBytes, allowRabbitSplit: true };
    const started = startUpdate(this.state, options);
    this.state = started.state;
    this.request = started.request;
    this.#nextFragment = 0;
  }

  get device(): EndDevice {
    return this.bench.device;
  }

  until(isDone: () => boolean): void {
    this.bench.timeline.advanceUntil(isDone, 24 * 3_600_000);
  }

  #answer(frame: Uint8Array): Uint8Array | undefined {
    const { server } = this.bench;
    if (mTypeOf(frame) === MType.JoinRequest) return this.#accept(frame);
    const { session } = server;
    const uplink = server.uplink(frame);
    if (uplink === undefined || session === undefined) return undefined;
    this.uplinks.push(uplink);
    const sessions = [{ ...session.keys, joinNonce: session.joinNonce }];
    for (const command of this.#commandsOf(uplink)) {
      this.seen.push(command);
      this.#take(command.octets, sessions);
    }
    return this.#downlink(uplink);
  }

  #commandsOf(uplink: UplinkSeen): CommandSeen[] {
    if (uplink.fPort === this.rootKeyFPort) {
      return [{ octets: uplink.payload, carrier: "port", place: "port" }];
    }
    const place = uplink.fPort === 0 ? "FPort 0" : "FOpts";
    return uplink.commands.flatMap((command) =>
      command.name === "Proprietary"
        ? [{ octets: Uint8Array.of(command.cid, ...command.payload), carrier: "mac", place }]
        : [],
    );
  }

  #take(octets: Uint8Array, sessions: Parameters<typeof receiveNewKeyReadyReq>[2]): void {
    if (updateIdBitsOfUplink(octets) === this.state.lastUpdateId % 8) this.request = undefined;
    if (octets[0] === 0x80) {
      this.state = receiveRootKeyUpdateAns(this.state, octets).state;
      return;
    }
    const { state, message } =
      octets[0] === 0x82
        ? receiveRootKeyFragment(this.state, octets)
        : { state: this.state, message: octets };
    this.state = state;
    if (message === undefined) return;
    const received = receiveNewKeyReadyReq(this.state, message, sessions);
    this.state = received.state;
    this.answer = received.answer;
  }

  #downlink(uplink: UplinkSeen): Uint8Array {
    const { server } = this.bench;
    const whole = this.losesAnswers ? this.request : (this.answer ?? this.request);
    if (!this.losesAnswers) this.answer = undefined;
    const octets = whole && this.#partOf(whole);
    const commands = uplink.names.includes("RekeyInd")
      ? [{ name: "RekeyConf", minor: 1 } as const]
      : [];
    if (octets === undefined) return server.downlink({ commands, ack: uplink.isConfirmed });
    if (this.carrier === "port") {
      const { rootKeyFPort: fPort } = this;
      return server.downlink({ commands, fPort, payload: octets, ack: uplink.isConfirmed });
    }
    return server.downlink({
      commands,
      octets,
      onFPort0: octets.length > 13,
      ack: uplink.isConfirmed,
    });
  }

  #partOf(octets: Uint8Array): Uint8Array | undefined {
    if (octets.length <= this.roomBytes) return octets;
    const fragments = splitIntoFragments(octets);
    return fragments[this.#nextFragment++ % fragments.length];
  }

  #accept(frame: Uint8Array): Uint8Array | undefined {
    const { server, region } = this.bench;
    for (const { which, keys } of keysToTryForJoin(this.state)) {
      const known = server.devNonces.length;
      const devNonce = server.joinRequest(frame, keys);
      if (devNonce === undefined) continue;
      // A replayed Join-request is no news of the device.
      if (server.devNonces.indexOf(devNonce) < known) return undefined;
      this.requestsUnder.push(which);
      if (this.losesAccepts) return undefined;
      this.state = joinVerified(this.state, which);
      return server.accept(devNonce, { keys, cfList: encodeCfList(region.defaultCfList) });
    }
    this.requestsUnder.push("unknown");
    return undefined;
  }
}

/** UpdateID mod 8, whatever the command. */
function updateIdBitsOfUplink(octets: Uint8Array): number {
  const [cid, first = 0] = octets;
  return cid === 0x82 ? first >> 5 : first % 8;
}

/** Both ends are in generation 1 with the same keys. */
export function assertSwitched(update: UpdateBench): void {
  const { device, state } = update;
  assert.equal(state.generation, 1);
  assert.equal(device.state.generation, 1);
  assert.ok(device.state.update);
  assert.ok(equalRootKeys(device.state.update.currentKeys, state.currentKeys));
  assert.equal(device.state.update.candidate, undefined);
}
