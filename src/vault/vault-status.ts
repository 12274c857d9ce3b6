import { WarrenError } from "../errors.ts";
import type { DataKeyStore, Resealer } from "../join-server/ports/data-key-store.ts";
import type { MasterKeyPlaces } from "./master-key-places.ts";

/** One version of the keys. */
export interface KeyVersionStatus {
  readonly version: number;
  /** Kind of the place that has the master key. */
  readonly vault: string;
  /** Epoch milliseconds; undefined for a master key without a data key, which is prepared or left over. */
  readonly createdAt: number | undefined;
  readonly hasMasterKey: boolean;
  /** `seals`: new values; `opens`: values that are there; `prepared`: nothing yet; `left`: nothing more. */
  readonly use: "seals" | "opens" | "prepared" | "left";
}

export interface VaultStatus {
  /** Where new master keys are made, for people. */
  readonly place: string;
  readonly versions: readonly KeyVersionStatus[];
  /** Records with a value under a data key before the newest. */
  readonly recordsToSeal: number;
  readonly isRotating: boolean;
  /** Why a start would be refused, as far as it shows without opening a key. */
  readonly problem: WarrenError | undefined;
}

/** What keys there are and what they are used for. Opens none of them. */
export async function describeVault(
  store: DataKeyStore & Resealer,
  places: MasterKeyPlaces,
): Promise<VaultStatus> {
  const records = await store.listDataKeys();
  const newest = records.at(-1)?.version ?? 0;
  const { versionsByKind, problem } = await listMasterKeys(places);
  const dataKeys = records.map(({ version, vault, createdAt }) => ({
    version,
    vault,
    createdAt,
    hasMasterKey: versionsByKind.get(vault)?.includes(version) === true,
    use: version === newest ? ("seals" as const) : ("opens" as const),
  }));
  const masterKeysAlone = [...versionsByKind].flatMap(([vault, versions]) =>
    versions
      .filter((version) => !records.some((one) => one.version === version && one.vault === vault))
      .map((version) => ({
        version,
        vault,
        createdAt: undefined,
        hasMasterKey: true,
        use: version > newest ? ("prepared" as const) : ("left" as const),
      })),
  );
  const versions = [...dataKeys, ...masterKeysAlone].sort((a, b) => a.version - b.version);
  return {
    place: places.current.place,
    versions,
    recordsToSeal: await store.countSealedBefore(newest),
    isRotating: versions.some(({ use }) => use === "opens" || use === "left"),
    problem,
  };
}

async function listMasterKeys(places: MasterKeyPlaces) {
  const versionsByKind = new Map<string, readonly number[]>();
  let problem: WarrenError | undefined;
  for (const place of places.all) {
    try {
      versionsByKind.set(place.kind, await place.listVersions());
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      problem ??= error;
    }
  }
  return { versionsByKind, problem };
}
