import type { Aes128Key } from "../../../src/crypto/aes128.ts";
import { WarrenError } from "../../../src/errors.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import type { MacVersion } from "../../../src/lorawan/mac-version.ts";
import { nextRootKeyUplink, receiveRootKeyFragment } from "../../../src/root-key/device-update.ts";
import { CID_ROOT_KEY_FRAGMENT } from "../../../src/root-key/mac-commands.ts";
import { type AirRequest, TestDevice } from "../../support/test-device.ts";

/** What a device may be: its version, and whether it joins as LoRaWAN 1.1. */
export interface Kind {
  readonly macVersion: MacVersion;
  readonly optNeg: boolean;
  /** A defect: a join under the current keys makes it forget keys that it has been told to switch to. */
  readonly isForgetful?: boolean;
}

/** A device at the mercy of its Network Server: it believes what verifies, and nothing else. */
export class Victim {
  readonly device: TestDevice;
  readonly kind: Kind;
  /** The Join-request or Rejoin-request that it waits for an answer to. */
  outstanding: AirRequest | undefined;
  joinsAsked = 0;
  /** Accepts that it took as the answer to another request than they were made for. */
  replaysTaken = 0;
  readonly #rootKeys = new Set<Aes128Key>();
  #lastJoinNonce = 0;

  constructor(kind: Kind) {
    this.kind = kind;
    this.device = new TestDevice(kind.macVersion);
    this.#remember();
  }

  /** Every root key and AppSKey that it ever had. */
  get secrets(): readonly Aes128Key[] {
    return [...this.#rootKeys];
  }

  askToJoin(): AirRequest {
    this.joinsAsked++;
    this.outstanding = this.device.joinRequest();
    return this.outstanding;
  }

  askToRejoin(rejoinType: 0 | 1 | 2): AirRequest {
    this.joinsAsked++;
    this.outstanding = this.device.rejoinRequest(rejoinType);
    return this.outstanding;
  }

  /** @returns whether it is in a new session */
  receiveAccept(accept: string): boolean {
    const { device, outstanding } = this;
    if (outstanding === undefined) return false;
    const before = { update: device.update, session: device.session, rjCount0: device.rjCount0 };
    try {
      const { joinNonce } = device.receiveJoinAccept(outstanding, parseHex(accept));
      // LoRaWAN 1.0.4 and 1.1: JoinNonce must have grown. Before, it is a random number.
      if (this.kind.macVersion !== "1.0.3" && joinNonce <= this.#lastJoinNonce) {
        Object.assign(device, before);
        return false;
      }
      if (joinNonce <= this.#lastJoinNonce) this.replaysTaken++;
      this.#lastJoinNonce = Math.max(joinNonce, this.#lastJoinNonce);
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      Object.assign(device, before);
      return false;
    }
    if (this.kind.isForgetful === true && outstanding.which === "current") {
      device.update = { ...device.update, candidate: undefined };
    }
    this.outstanding = undefined;
    this.#remember();
    return true;
  }

  /** A root key command of its Network Server. @returns what it sends up, if anything */
  receiveDown(command: string): string | undefined {
    if (this.outstanding !== undefined || this.device.session === undefined) return undefined;
    try {
      const octets = parseHex(command);
      if (octets[0] !== CID_ROOT_KEY_FRAGMENT) return this.device.receiveCommand(command);
      const { state, message } = receiveRootKeyFragment(this.device.update, octets);
      this.device.update = state;
      return message && this.device.receiveCommand(formatHex(message));
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      return undefined;
    } finally {
      this.#remember();
    }
  }

  /** What it sends with its next uplink, whole or in fragments. */
  nextUp(maxLengthBytes: number): string | undefined {
    if (this.outstanding !== undefined || this.device.session === undefined) return undefined;
    const { state, octets } = nextRootKeyUplink(this.device.update, maxLengthBytes);
    this.device.update = state;
    return octets && formatHex(octets);
  }

  #remember(): void {
    const { update, session } = this.device;
    for (const keys of [update.currentKeys, update.candidate?.keys]) {
      if (keys === undefined) continue;
      this.#rootKeys.add(keys.nwkKey);
      this.#rootKeys.add(keys.appKey);
    }
    if (session !== undefined) this.#rootKeys.add(session.appSKey);
  }
}
