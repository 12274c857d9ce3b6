import {
  describeVault,
  type KeyVersionStatus,
  type VaultStatus,
} from "../../vault/vault-status.ts";
import { formatMembers, formatTable, print } from "../api-client/print.ts";
import type { ConfigOptions } from "../config/config-options.ts";
import { withVaultDatabase } from "./vault-database.ts";

/** `warren vault status`. Exit status 1 when a start would be refused. */
export async function runVaultStatus(options: ConfigOptions, isJson: boolean): Promise<void> {
  await withVaultDatabase(options, async ({ store, places, problem }) => {
    const status = await describeVault(store, places);
    const reason = problem ?? status.problem;
    print(isJson, jsonOf({ ...status, problem: reason }), () =>
      textOf({ ...status, problem: reason }),
    );
    if (reason !== undefined) process.exitCode = 1;
  });
}

function jsonOf({ versions, problem, ...rest }: VaultStatus) {
  return {
    ...rest,
    versions: versions.map(({ createdAt, ...version }) => ({
      ...version,
      createdAt: timeOf(createdAt) ?? null,
    })),
    problem: problem === undefined ? null : { code: problem.code, message: problem.message },
  };
}

const USES: Readonly<Record<KeyVersionStatus["use"], string>> = {
  seals: "encrypts",
  opens: "decrypts what the rotation has not reached",
  prepared: "none yet",
  left: "none any more",
};

function textOf({ place, versions, recordsToSeal, isRotating, problem }: VaultStatus): string {
  const rotation = isRotating
    ? `under way, ${recordsToSeal} records to go; go on with warren vault rotate`
    : "none under way";
  const table = formatTable<KeyVersionStatus>(
    [
      { heading: "VERSION", text: ({ version }) => version },
      { heading: "VAULT", text: ({ vault }) => vault },
      { heading: "MADE", text: ({ createdAt }) => timeOf(createdAt) },
      { heading: "MASTER KEY", text: ({ hasMasterKey }) => (hasMasterKey ? "there" : "MISSING") },
      { heading: "USE", text: ({ use }) => USES[use] },
    ],
    versions,
  );
  const members = formatMembers({
    "master keys": place,
    rotation,
    problem: problem === undefined ? undefined : `${problem.message} (${problem.code})`,
  });
  return table === "" ? members : `${members}\n\n${table}`;
}

function timeOf(createdAt: number | undefined): string | undefined {
  return createdAt === undefined ? undefined : new Date(createdAt).toISOString();
}
