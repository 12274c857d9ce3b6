import assert from "node:assert/strict";
import type { RoleApi } from "../../../src/cli/run/role-api.ts";
import type { TestDevice } from "../../support/test-device.ts";
import type { AcceptedJoin } from "./join-storm.ts";

/** No DevNonce was accepted twice and no JoinNonce issued twice, by the answers that went out. */
export function assertNoncesUnique(accepted: readonly AcceptedJoin[]): void {
  const joinNonceOf = new Map<string, number>();
  const devNonceOf = new Map<string, number>();
  for (const { device, devNonce, joinNonce } of accepted) {
    const byDevNonce = `${device.devEui} DevNonce ${devNonce}`;
    const byJoinNonce = `${device.devEui} JoinNonce ${joinNonce}`;
    // The same answer again to the same question is one join.
    assert.equal(joinNonceOf.get(byDevNonce) ?? joinNonce, joinNonce, `${byDevNonce}: twice`);
    assert.equal(devNonceOf.get(byJoinNonce) ?? devNonce, devNonce, `${byJoinNonce}: twice`);
    joinNonceOf.set(byDevNonce, joinNonce);
    devNonceOf.set(byJoinNonce, devNonce);
  }
}

interface StoredDevice {
  readonly joinNonce: number;
  readonly lastDevNonce: number | null;
  readonly sessions: readonly { readonly sessionKeyId: string; readonly joinNonce: number }[];
}

/** Every answered join is in the database: its nonces, and its session unless newer ones took its place. */
export async function assertAllStored(
  api: RoleApi,
  accepted: readonly AcceptedJoin[],
): Promise<void> {
  const lastOf = new Map<TestDevice, AcceptedJoin>();
  for (const join of accepted) {
    const last = lastOf.get(join.device);
    if (last === undefined || join.joinNonce > last.joinNonce) lastOf.set(join.device, join);
  }
  assert.ok(lastOf.size > 0);
  for (const [device, last] of lastOf) {
    const stored = await api.get<StoredDevice>(`/devices/${device.devEui}`);
    const name = `${device.devEui} (${device.macVersion})`;
    assert.ok(stored.joinNonce >= last.joinNonce, `${name}: JoinNonce ${stored.joinNonce}`);
    if (stored.joinNonce - last.joinNonce > 1) continue;
    assert.ok(
      stored.sessions.some(({ sessionKeyId }) => sessionKeyId === last.sessionKeyId),
      `${name}: session ${last.joinNonce} is missing`,
    );
  }
}
