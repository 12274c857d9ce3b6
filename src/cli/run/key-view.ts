import type { LocalNetwork, Role } from "./local-network.ts";
import type {
  ApplicationServerDevice,
  JoinServerDevice,
  JoinServerSession,
  NetworkServerDevice,
  SimulatorDevice,
} from "./role-answers.ts";

/** The keys of the paper, in the order of the columns on the screen. */
export const KEY_NAMES = [
  "NwkKey",
  "AppKey",
  "FNwkSIntKey",
  "SNwkSIntKey",
  "NwkSEncKey",
  "AppSKey",
] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** Fingerprints of the keys one role says it holds. */
export type HeldKeys = Partial<Record<KeyName, string>>;

/** Who holds which key of a device now, and how far its root keys have come. */
export interface KeyView {
  readonly held: Readonly<Record<Role, HeldKeys>>;
  /** How many root key updates the Join Server has committed. */
  readonly generation: number;
  readonly endDevice: SimulatorDevice;
  readonly joinServer: JoinServerDevice;
}

/** Asks every role what it holds of a device. */
export async function loadKeyView(network: LocalNetwork, devEui: string): Promise<KeyView> {
  const path = `/devices/${devEui}`;
  const [endDevice, joinServer, networkServer, applicationServer] = await Promise.all([
    network.api("simulator").get<SimulatorDevice>(path),
    network.api("join-server").get<JoinServerDevice>(path),
    network.api("network-server").get<NetworkServerDevice>(path),
    // It hears of a device with its first uplink.
    network
      .api("application-server")
      .get<ApplicationServerDevice>(path)
      .catch(() => undefined),
  ]);
  const session = joinServer.sessions.find(
    ({ joinNonce }) => joinNonce === endDevice.session?.joinNonce,
  );
  return {
    generation: joinServer.generation,
    endDevice,
    joinServer,
    held: {
      simulator: keysOfEndDevice(endDevice),
      "join-server": keysOfJoinServer(joinServer, session),
      "network-server": keysOfNetworkServer(networkServer, session),
      "application-server": keysOfApplicationServer(applicationServer),
    },
  };
}

/**
 * What is wrong with a view of a device that has a session, in words; nothing when all is well: the
 * device and the Join Server have the same root keys and nobody else has any, the Network Server has the
 * device's network session keys and no AppSKey, the Application Server its AppSKey and nothing else.
 */
export function findKeyProblems(view: KeyView): string[] {
  const { simulator: endDevice, ...servers } = view.held;
  const expected: Record<keyof typeof servers, readonly KeyName[]> = {
    "join-server": KEY_NAMES,
    "network-server": ["FNwkSIntKey", "SNwkSIntKey", "NwkSEncKey"],
    "application-server": ["AppSKey"],
  };
  const problems: string[] = [];
  for (const [role, held] of Object.entries(servers) as [keyof typeof servers, HeldKeys][]) {
    for (const name of KEY_NAMES) {
      const wanted = expected[role].includes(name) ? endDevice[name] : undefined;
      if (held[name] !== wanted) {
        problems.push(`${role} has ${name} ${held[name] ?? "-"}, expected ${wanted ?? "none"}`);
      }
    }
  }
  return problems;
}

function keysOfEndDevice(device: SimulatorDevice): HeldKeys {
  const keys = device.session?.keys;
  return {
    ...rootKeys(device.rootKeys),
    ...(keys !== undefined && {
      FNwkSIntKey: keys.fNwkSIntKey,
      SNwkSIntKey: keys.sNwkSIntKey,
      NwkSEncKey: keys.nwkSEncKey,
      AppSKey: keys.appSKey,
    }),
  };
}

/** A join or rejoin may be half done, so the newest session is not always the one the device is in. */
function keysOfJoinServer(
  device: JoinServerDevice,
  session: JoinServerSession | undefined,
): HeldKeys {
  if (session === undefined) return rootKeys(device.rootKeys);
  return {
    ...rootKeys(device.rootKeys),
    FNwkSIntKey: session.fNwkSIntKey,
    SNwkSIntKey: session.sNwkSIntKey,
    NwkSEncKey: session.nwkSEncKey,
    AppSKey: session.appSKey,
  };
}

function keysOfNetworkServer(
  device: NetworkServerDevice,
  session: JoinServerSession | undefined,
): HeldKeys {
  const inUse = [device.pendingSession, device.session].find(
    (held) => held?.sessionKeyId === session?.sessionKeyId,
  );
  if (!inUse) return {};
  return {
    FNwkSIntKey: inUse.keyFingerprints.fNwkSIntKey,
    SNwkSIntKey: inUse.keyFingerprints.sNwkSIntKey,
    NwkSEncKey: inUse.keyFingerprints.nwkSEncKey,
  };
}

function keysOfApplicationServer(device: ApplicationServerDevice | undefined): HeldKeys {
  const fingerprint = device?.session?.appSKeyFingerprint;
  return fingerprint === undefined ? {} : { AppSKey: fingerprint };
}

function rootKeys(keys: { nwkKey: string; appKey: string } | null): HeldKeys {
  return keys === null ? {} : { NwkKey: keys.nwkKey, AppKey: keys.appKey };
}
