import assert from "node:assert/strict";
import type { Device } from "../../../src/join-server/device.ts";
import type { DeviceChange } from "../../../src/join-server/ports/device-store.ts";
import type { UpdateAttempt } from "../../../src/join-server/root-key-updates/update-attempt.ts";
import type { MacVersion } from "../../../src/lorawan/mac-version.ts";
import type { JoinServerRig, Json } from "../../support/join-server-rig.ts";
import { TestDevice } from "../../support/test-device.ts";

/** One save as the store was asked for it. */
export interface Save {
  readonly device: Device;
  readonly change: DeviceChange;
}

/**
 * Counts saves, and holds each to the rule that the timeline is stored together with what it tells of: the
 * attempt is that of the update on record and has come as far, and one that is over is in the history too.
 */
export function watchSaves(rig: JoinServerRig): Save[] {
  const saves: Save[] = [];
  const { store } = rig;
  const saveDevice = store.saveDevice.bind(store);
  store.saveDevice = async (device, change = {}) => {
    const before = await store.loadDevice(device.devEui);
    checkTimeline(before, device, change);
    saves.push({ device, change });
    return saveDevice(device, change);
  };
  return saves;
}

function checkTimeline(before: Device | undefined, device: Device, change: DeviceChange): void {
  const { update } = device.rootKeys;
  if (update === undefined) return;
  const { attempt } = device;
  assert.equal(attempt?.updateId, update.updateId);
  const outcome = ["committed", "failed"].includes(update.status) ? update.status : "under-way";
  assert.equal(attempt?.outcome, outcome);
  assert.equal(attempt?.reason, update.reason);
  const last = before?.attempt;
  if (last?.outcome !== "under-way") return;
  const isOver = last.updateId !== update.updateId || outcome !== "under-way";
  const ended = change.endedAttempts?.filter(({ updateId }) => updateId === last.updateId) ?? [];
  assert.equal(ended.length, isOver ? 1 : 0, "an attempt that is over goes to the history");
}

export async function joined(
  rig: JoinServerRig,
  changes: Json = {},
  macVersion: MacVersion = "1.1.0",
): Promise<TestDevice> {
  const device = new TestDevice(macVersion);
  await rig.register(device, changes);
  await rig.join(device);
  return device;
}

/** An order of an operator; hands the request to the device. @returns what the device sends up */
export async function startByOperator(
  rig: JoinServerRig,
  device: TestDevice,
  body: Json = {},
): Promise<string> {
  const { status, body: started } = await rig.call(
    "POST",
    `devices/${device.devEui}/root-key-update`,
    body,
  );
  assert.equal(status, 202, JSON.stringify(started));
  const request = [...rig.deliveries, ...rig.portDeliveries].findLast(
    ({ devEui }) => devEui === device.devEui,
  );
  return device.receiveCommand(request?.macCommand as string) as string;
}

export const sendUp = (rig: JoinServerRig, device: TestDevice, MACCommand: string) =>
  rig.ask("RootKeyCommandReq", { DevEUI: device.devEui, MACCommand });

/** From the order to the join under the new keys. */
export async function updateWhole(rig: JoinServerRig, device: TestDevice): Promise<void> {
  const { MACCommand } = await sendUp(rig, device, await startByOperator(rig, device));
  device.receiveCommand(MACCommand as string);
  await rig.join(device);
}

export async function timelineOf(
  rig: JoinServerRig,
  device: TestDevice,
  query = "",
): Promise<Json & { attempts: Json[] }> {
  const { body } = await rig.call("GET", `devices/${device.devEui}/root-key-updates${query}`);
  return body as Json & { attempts: Json[] };
}

export function stepsOf(attempt: Json | UpdateAttempt | undefined): string[] {
  return ((attempt as UpdateAttempt | undefined)?.steps ?? []).map(({ kind }) => kind);
}
