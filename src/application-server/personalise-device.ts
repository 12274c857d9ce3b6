import type { Clock } from "../clock.ts";
import { type Aes128Key, equalKeys } from "../crypto/aes128.ts";
import { keyFingerprint } from "../crypto/key-fingerprint.ts";
import type { DevAddr, Eui64 } from "../lorawan/identifiers.ts";
import type { MacVersion } from "../lorawan/mac-version.ts";
import type { EventBell } from "./events.ts";
import { abpSessionKeyId, firstFCntDown, type Session } from "./session.ts";
import type { ApplicationServerStore } from "./store.ts";
import { sessionEvent } from "./uplinks/uplink-receiver.ts";

/** What the operator says of a device. `abp` holds what a join would have brought. */
export interface DeviceSettings {
  readonly devEui: Eui64;
  readonly macVersion: MacVersion;
  readonly abp?: { readonly devAddr: DevAddr; readonly appSKey: Aes128Key };
}

export interface PersonaliseDeviceContext {
  readonly store: ApplicationServerStore;
  readonly bell: EventBell;
  readonly clock: Clock;
}

/**
 * Stores a device and, for activation by personalisation, its only session. The same settings again
 * change nothing: ABP counters must never be reset (LoRaWAN 1.1 §4.3.1.5), so they start again under
 * another AppSKey only.
 */
export function personaliseDevice(
  context: PersonaliseDeviceContext,
  settings: DeviceSettings,
): void {
  const { store, bell, clock } = context;
  const { devEui, macVersion, abp } = settings;
  store.transaction(() => {
    const device = store.device(devEui);
    if (device?.macVersion !== macVersion) {
      store.saveDevice({ devEui, macVersion, createdAtMs: device?.createdAtMs ?? clock.now() });
    }
    if (abp === undefined) return;
    const current = store.currentSession(devEui);
    const sessionKeyId = abpSessionKeyId(abp.devAddr);
    const isSameKey = current !== undefined && equalKeys(current.appSKey, abp.appSKey);
    const isSameSession = current?.sessionKeyId === sessionKeyId;
    if (isSameKey && isSameSession && current.macVersion === macVersion) return;
    const session: Session = {
      devEui,
      sessionKeyId,
      devAddr: abp.devAddr,
      macVersion,
      appSKey: abp.appSKey,
      source: "operator",
      nextFCntDown: firstFCntDown(abp.appSKey, current, store.replacedSessions(devEui)),
      startedAtMs: clock.now(),
    };
    if (hadOtherKey(store, session)) store.forgetUplinks(devEui, sessionKeyId);
    store.startSession(session);
    store.addEvent(sessionEvent(session));
  });
  bell.ring();
}

/** Whether this server last knew the session under another key, and thus with other counters. */
function hadOtherKey(store: ApplicationServerStore, { devEui, sessionKeyId, appSKey }: Session) {
  const current = store.currentSession(devEui);
  if (current?.sessionKeyId === sessionKeyId) return !equalKeys(current.appSKey, appSKey);
  const last = store.replacedSessions(devEui).find((old) => old.sessionKeyId === sessionKeyId);
  return last !== undefined && last.appSKeyFingerprint !== keyFingerprint(appSKey);
}
