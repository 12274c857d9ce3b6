import { exportAes128Key, importAes128Key, isAes128Key } from "../../crypto/aes128.ts";
import { WarrenError } from "../../errors.ts";
import { formatHex, parseHex } from "../../lorawan/hex.ts";
import {
  DEFAULT_DEVICE_SETTINGS,
  type DeviceProfile,
} from "../../simulator/device/device-profile.ts";
import type { DeviceState } from "../../simulator/device/device-state.ts";

// A device is a tree of plain values, keys and bytes. Keys become {"$key": hex} and bytes
// {"$bytes": hex}: the file is the device's own memory, readable by its owner alone.

/** A profile as text; it has no keys. */
export function formatProfile(profile: DeviceProfile): string {
  return JSON.stringify(profile);
}

/** Devices stored before there were two carriers have the defaults. @throws WarrenError `storage-failed` */
export function parseProfile(text: string): DeviceProfile {
  return { ...DEFAULT_DEVICE_SETTINGS, ...parseObject(text) } as DeviceProfile;
}

/** All of a state as text, keys included: for the database alone. */
export function formatState(state: DeviceState): string {
  return JSON.stringify(state, (_name, value: unknown) => {
    if (isAes128Key(value)) return { $key: formatHex(exportAes128Key(value)) };
    if (value instanceof Uint8Array) return { $bytes: formatHex(value) };
    return value;
  });
}

/** The inverse of `formatState`, for states of earlier versions too. @throws WarrenError `storage-failed` */
export function parseState(text: string): DeviceState {
  const state = parseObject(text, (_name, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("$key" in value) return importAes128Key(parseHex(String(value.$key)));
    if ("$bytes" in value) return parseHex(String(value.$bytes));
    return value;
  }) as DeviceState;
  const { session, update } = state;
  return {
    ...state,
    rootKeyCarrier: state.rootKeyCarrier ?? "mac",
    session: session && { ...session, portAnswers: session.portAnswers ?? [] },
    update: update?.candidate
      ? {
          ...update,
          candidate: { ...update.candidate, nextFragment: update.candidate.nextFragment ?? 0 },
        }
      : update,
  };
}

function parseObject(text: string, revive?: (name: string, value: unknown) => unknown): object {
  try {
    const value: unknown = JSON.parse(text, revive);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // The cause would repeat a part of the text, which may be a key.
  }
  throw new WarrenError(
    "storage-failed",
    "a device in the database of the simulator is unreadable",
  );
}
