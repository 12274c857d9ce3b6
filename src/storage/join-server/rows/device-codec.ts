import { type Device, joinEuiOfEndDevice } from "../../../join-server/device.ts";
import type {
  UpdatePolicySettings,
  UpdateTrigger,
} from "../../../join-server/policies/update-policy-settings.ts";
import { sealedVersion, type Vault } from "../../../join-server/ports/vault.ts";
import type { UpdateAttempt } from "../../../join-server/root-key-updates/update-attempt.ts";
import type { Session } from "../../../join-server/session.ts";
import type { DevAddr, Eui64, NetId } from "../../../lorawan/identifiers.ts";
import type { MacVersion } from "../../../lorawan/mac-version.ts";
import type { RootKeys } from "../../../root-key/root-keys.ts";
import type { UpdateRecord } from "../../../root-key/server-state.ts";
import type { Suite } from "../../../root-key/suite.ts";
import { ObjectNotes } from "../object-notes.ts";
import { SealMemory } from "../seal-memory.ts";
import { type ColumnValue, numberOf, type StoredRow } from "./column.ts";
import { rootKeysContext, sessionsContext } from "./contexts.ts";
import { valuesOf } from "./devices/device-values.ts";
import { differsByJoin, joinColumnsOf } from "./devices/joined-device.ts";
import { decodeRootKeys, encodeRootKeys, type StoredKeys } from "./root-keys-codec.ts";
import { decodeSessions, encodeSessions } from "./sessions/session-codec.ts";
import { decodeAttempt, encodeAttempt } from "./updates/attempt-codec.ts";

/**
 * The columns of a device in the order of `EncodedDevice.values`, besides its DevEUI, its version and
 * `sealed_under`.
 */
export const DEVICE_COLUMNS = [
  "created_at",
  "join_eui",
  "mac_version",
  "home_net_id",
  "as_id",
  "suite",
  "device_profile",
  "update_policy",
  "carrier",
  "name",
  "description",
  "tags",
  "search_text",
  "is_disabled",
  "allows_foreign_join_eui",
  "generation",
  "last_update_id",
  "update_status",
  "update_record",
  "update_started_at",
  "update_committed_at",
  "nwk_key_replaced_at",
  "generation_since",
  "generation_sessions",
  "update_wanted",
  "update_not_before",
  "failed_attempts",
  "last_gateway_id",
  "join_nonce",
  "initial_join_nonce",
  "last_dev_nonce",
  "rj_count1",
  "last_dev_addr",
  "last_join_at",
  "root_keys",
  "sessions",
  "attempt",
] as const;

/** Those of a save that leaves the attempt as it is: the first ones of `DEVICE_COLUMNS`. */
export const COLUMNS_BUT_ATTEMPT = DEVICE_COLUMNS.slice(0, -1);

/** What is made of the other columns when a device is saved, for searches and lists. */
const DERIVED_COLUMNS: readonly string[] = ["search_text", "generation_since", "last_join_at"];

/** What `decode` reads, in words that both databases read. */
export const DECODED_COLUMNS = ["dev_eui", "version", ...DEVICE_COLUMNS]
  .filter((column) => !DERIVED_COLUMNS.includes(column))
  .join(", ");

/** A device as columns. */
export interface EncodedDevice {
  /** The data key version that all its keys are sealed under. */
  readonly sealedUnder: number;
  /** The values of `DEVICE_COLUMNS`, or of `COLUMNS_BUT_ATTEMPT`. */
  readonly values: readonly ColumnValue[];
  /** Whether they are of `COLUMNS_BUT_ATTEMPT`. */
  readonly leavesAttempt: boolean;
}

/** A device that has joined as columns. */
export interface EncodedJoin {
  /** The data key version of the sessions, which the root keys on record have to be sealed under as well. */
  readonly sealedUnder: number;
  /** The values of `JOIN_COLUMNS`. */
  readonly values: readonly ColumnValue[];
}

const NOTHING = new Uint8Array(0);
/** One for all: most devices have no policy and no tags of their own. */
const NO_MEMBERS = Object.freeze({});

/** Devices as rows, their keys sealed. */
export class DeviceCodec {
  readonly #vault: Vault;
  readonly #rootKeySeals: SealMemory<RootKeys>;
  readonly #sessionSeals: SealMemory<readonly Session[]>;
  /** Which version of which device has this very attempt on record. */
  readonly #attempts = new ObjectNotes<UpdateAttempt, { devEui: Eui64; version: number }>();

  constructor(vault: Vault) {
    this.#vault = vault;
    this.#rootKeySeals = new SealMemory(vault);
    this.#sessionSeals = new SealMemory(vault);
  }

  /** Whether a device has other root keys than those it was loaded with. */
  hasNewRootKeys({ devEui, rootKeys }: Device): boolean {
    const origin = { context: rootKeysContext(devEui), companion: companionOf(rootKeys) };
    return !this.#rootKeySeals.knows(rootKeys.currentKeys, origin);
  }

  encode(device: Device): EncodedDevice {
    const sealedUnder = this.#vault.sealingVersion;
    const sealedRootKeys = this.#sealRootKeys(device);
    const values = valuesOf(device, sealedRootKeys, this.#sealSessions(device));
    // The largest value of the row but for the sessions, and joins do not change it.
    const leavesAttempt = this.#isOnRecord(device);
    if (!leavesAttempt) values.push(attemptColumn(device));
    return { sealedUnder, values, leavesAttempt };
  }

  /**
   * What a save writes that differs from what is on record by a join alone; undefined when it is more.
   *
   * @param from as it was loaded
   */
  encodeJoin(device: Device, from: Device): EncodedJoin | undefined {
    if (!differsByJoin(device, from)) return undefined;
    const sealedUnder = this.#vault.sealingVersion;
    return { sealedUnder, values: joinColumnsOf(device, this.#sealSessions(device)) };
  }

  /** To be called once a save has succeeded: the row has a version more now. */
  saved({ devEui, version, attempt }: Device): void {
    if (attempt !== undefined) this.#attempts.set(attempt, { devEui, version: version + 1 });
  }

  /** As `encode`, for a device to add: its keys are not remembered, since many come at a time. */
  encodeNew(device: Device): EncodedDevice {
    const { devEui, rootKeys, sessions } = device;
    const sealedUnder = this.#vault.sealingVersion;
    const sealedRootKeys = this.#vault.seal(encodeRootKeys(rootKeys), rootKeysContext(devEui));
    const sealedSessions =
      sessions.length === 0
        ? NOTHING
        : this.#vault.seal(encodeSessions(sessions), sessionsContext(devEui));
    const values = [...valuesOf(device, sealedRootKeys, sealedSessions), attemptColumn(device)];
    return { sealedUnder, values, leavesAttempt: false };
  }

  /**
   * @throws WarrenError `vault-key-unknown` when another process has sealed it under a newer data key;
   *   `sealed-value-damaged`
   */
  decode(row: StoredRow): Device {
    const devEui = row["dev_eui"] as Eui64;
    const joinEui = row["join_eui"] as Eui64;
    const update = row["update_record"] as string | null;
    const version = Number(row["version"]);
    const attempt = decodeAttempt(row["attempt"] as string | null);
    if (attempt !== undefined) this.#attempts.set(attempt, { devEui, version });
    const sessions = this.#openSessions(devEui, row["sessions"] as Uint8Array);
    return {
      devEui,
      joinEui,
      macVersion: row["mac_version"] as MacVersion,
      homeNetId: row["home_net_id"] as NetId,
      asId: row["as_id"] as string,
      suite: Number(row["suite"]) as Suite,
      deviceProfile: row["device_profile"] as string,
      updatePolicy: membersOf(row["update_policy"] as string) as UpdatePolicySettings,
      carrier: row["carrier"] as Device["carrier"],
      name: row["name"] as string,
      description: row["description"] as string,
      tags: membersOf(row["tags"] as string) as Record<string, string>,
      isDisabled: Number(row["is_disabled"]) === 1,
      allowsForeignJoinEui: Number(row["allows_foreign_join_eui"]) === 1,
      version,
      createdAt: Number(row["created_at"]),
      rootKeys: {
        devEui,
        joinEui: joinEuiOfEndDevice({ joinEui, sessions }),
        ...this.#openRootKeys(devEui, row["root_keys"] as Uint8Array),
        generation: Number(row["generation"]),
        lastUpdateId: Number(row["last_update_id"]),
        update: update === null ? undefined : decodeUpdate(update),
      },
      joinNonce: Number(row["join_nonce"]),
      initialJoinNonce: Number(row["initial_join_nonce"]),
      lastDevNonce: numberOf(row["last_dev_nonce"]),
      rjCount1: numberOf(row["rj_count1"]),
      sessions,
      updateStartedAt: numberOf(row["update_started_at"]),
      updateCommittedAt: numberOf(row["update_committed_at"]),
      lastDevAddr: (row["last_dev_addr"] as DevAddr | null) ?? undefined,
      nwkKeyReplacedAt: numberOf(row["nwk_key_replaced_at"]),
      generationSessions: Number(row["generation_sessions"]),
      updateWanted: (row["update_wanted"] as UpdateTrigger | null) ?? undefined,
      updateNotBefore: numberOf(row["update_not_before"]),
      failedAttempts: Number(row["failed_attempts"]),
      attempt,
      lastGatewayId: (row["last_gateway_id"] as Eui64 | null) ?? undefined,
    };
  }

  /** The sealed columns of a row, `[root_keys, sessions]`, under the newest data key. */
  reseal(row: StoredRow): { sealedUnder: number; rootKeys: Uint8Array; sessions: Uint8Array } {
    const devEui = row["dev_eui"] as Eui64;
    const sessions = row["sessions"] as Uint8Array;
    const again = (sealed: Uint8Array, context: string) =>
      sealedVersion(sealed) === this.#vault.sealingVersion
        ? sealed
        : this.#vault.seal(this.#vault.open(sealed, context), context);
    return {
      sealedUnder: this.#vault.sealingVersion,
      rootKeys: again(row["root_keys"] as Uint8Array, rootKeysContext(devEui)),
      sessions: sessions.length === 0 ? NOTHING : again(sessions, sessionsContext(devEui)),
    };
  }

  #isOnRecord({ devEui, version, attempt }: Device): boolean {
    const known = attempt && this.#attempts.get(attempt);
    return known?.devEui === devEui && known.version === version;
  }

  #sealRootKeys({ devEui, rootKeys }: Device): Uint8Array {
    const origin = { context: rootKeysContext(devEui), companion: companionOf(rootKeys) };
    return this.#rootKeySeals.seal(rootKeys.currentKeys, origin, () => encodeRootKeys(rootKeys));
  }

  #openRootKeys(devEui: Eui64, sealed: Uint8Array): ReturnType<typeof decodeRootKeys> {
    const context = rootKeysContext(devEui);
    const keys = decodeRootKeys(this.#vault.open(sealed, context));
    const origin = { context, companion: companionOf(keys) };
    this.#rootKeySeals.remember(keys.currentKeys, origin, sealed);
    return keys;
  }

  #sealSessions({ devEui, sessions }: Device): Uint8Array {
    if (sessions.length === 0) return NOTHING;
    const origin = { context: sessionsContext(devEui), companion: undefined };
    return this.#sessionSeals.seal(sessions, origin, () => encodeSessions(sessions));
  }

  #openSessions(devEui: Eui64, sealed: Uint8Array): Session[] {
    if (sealed.length === 0) return [];
    const context = sessionsContext(devEui);
    const sessions = decodeSessions(this.#vault.open(sealed, context));
    this.#sessionSeals.remember(sessions, { context, companion: undefined }, sealed);
    return sessions;
  }
}

/**
 * The record of an update from its JSON, which leaves absent members out. One from before there were
 * healing updates is of a plain one.
 */
export function decodeUpdate(json: string): UpdateRecord {
  const stored = JSON.parse(json) as UpdateRecord;
  return {
    ...stored,
    isHealing: stored.isHealing ?? false,
    jsPublicKey: stored.jsPublicKey,
    reason: stored.reason,
    fragments: stored.fragments,
  };
}

function membersOf(json: string): object {
  return json === "{}" ? NO_MEMBERS : JSON.parse(json);
}

/** What is sealed together with the current keys: there is never more than one of the two. */
function companionOf({ candidateKeys, x25519PrivateKey }: StoredKeys): object | undefined {
  return candidateKeys ?? x25519PrivateKey;
}

function attemptColumn({ attempt }: Device): string | null {
  return attempt === undefined ? null : encodeAttempt(attempt);
}
