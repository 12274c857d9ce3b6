import assert from "node:assert/strict";
import { equalRootKeys } from "../../../src/root-key/root-keys.ts";
import type { JoinServerRig } from "../../support/join-server-rig.ts";
import { findKey } from "../../support/key-search.ts";
import { HostileNetworkServer } from "./hostile-network-server.ts";
import { type Kind, Victim } from "./victim.ts";

export const ATTEMPT_PERIOD_MS = 2_048_000;

/** One device and its Network Server. */
export class World {
  readonly victim: Victim;
  readonly hostile: HostileNetworkServer;
  readonly rig: JoinServerRig;
  readonly #bornAt: number;
  #ordersGiven = 0;

  /** @param url of the listener for peers */
  constructor(rig: JoinServerRig, url: string, kind: Kind) {
    this.rig = rig;
    this.#bornAt = rig.clock.time;
    this.victim = new Victim(kind);
    this.hostile = new HostileNetworkServer(url, rig, this.victim);
  }

  async stored() {
    const device = await this.rig.store.loadDevice(this.victim.device.devEui);
    assert.ok(device !== undefined);
    return device;
  }

  async order(isHealing: boolean): Promise<void> {
    const { devEui } = this.victim.device;
    const { status, body } = await this.rig.call("POST", `devices/${devEui}/root-key-update`, {
      isHealing,
    });
    if (status !== 202) return;
    if (body["isNew"] === true) this.#ordersGiven++;
    const handedOver = this.rig.deliveries.findLast((delivery) => delivery.devEui === devEui);
    this.hostile.take(handedOver?.macCommand);
  }

  /** The Join Server's keys are the device's current ones or those it is ready to join with. */
  async checkInvariant(): Promise<void> {
    const { rootKeys } = await this.stored();
    const { currentKeys, candidate } = this.victim.device.update;
    const isCurrent = equalRootKeys(rootKeys.currentKeys, currentKeys);
    const isConfirmed =
      candidate?.isConfirmed === true && equalRootKeys(rootKeys.currentKeys, candidate.keys);
    assert.ok(isCurrent || isConfirmed, "the device is lost");
  }

  /** What it can use up is bounded by what the device and people do, and by time. */
  async checkCosts(): Promise<void> {
    const { rootKeys, joinNonce } = await this.stored();
    const attempts = Math.floor((this.rig.clock.time - this.#bornAt) / ATTEMPT_PERIOD_MS) + 1;
    assert.ok(rootKeys.lastUpdateId <= this.#ordersGiven + attempts);
    assert.ok(joinNonce <= this.victim.joinsAsked + this.hostile.rejoinsForged);
  }

  checkSecrets(): void {
    const given = this.hostile.given.join(" ");
    assert.equal(findKey(given, this.victim.secrets), undefined);
    const { session } = this.victim.device;
    // A search that finds nothing must be able to find: its own session keys it has.
    if (session !== undefined) assert.ok(findKey(given, [session.fNwkSIntKey]) !== undefined);
  }
}
