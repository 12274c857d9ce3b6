import { isLoopback } from "../../server/tls/loopback.ts";
import type { ConfigTables } from "./config-schema.ts";
import type { Settings } from "./setting.ts";

/** What is wrong with members that are right each by itself, one text a problem. */
export function contradictions(tables: ConfigTables, settings: Settings): string[] {
  const { storage, vault } = tables;
  const problem = (member: string, text: string) =>
    `${settings.get(member)?.where ?? "configuration"}: ${text}`;
  const needs = (member: string, value: string | undefined, because: string) =>
    value === undefined ? [problem(because, `${because} needs ${member}`)] : [];
  return [
    ...["backend", "admin"].flatMap((name) => listenerProblems(name, tables, settings)),
    ...certificateProblems("client_tls", tables.client_tls, settings),
    ...(storage.kind === "postgresql"
      ? needs("storage.url or storage.url_file", storage.url ?? storage.url_file, "storage.kind")
      : []),
    ...(vault.kind === "pkcs11" ? needs("vault.module", vault.module, "vault.kind") : []),
    ...(vault.kind === "pkcs11" || vault.module !== undefined
      ? [
          ...needs("vault.token_label", vault.token_label, "vault.module"),
          ...needs("vault.pin_file or vault.pin", vault.pin ?? vault.pin_file, "vault.module"),
        ]
      : []),
    ...(storage.url !== undefined && !/^postgres(ql)?:\/\//.test(storage.url)
      ? [problem("storage.url", "storage.url must begin with postgresql://")]
      : []),
    ...(storage.url !== undefined && storage.url_file !== undefined
      ? [problem("storage.url", "give storage.url or storage.url_file, not both")]
      : []),
  ];
}

function listenerProblems(name: string, tables: ConfigTables, settings: Settings): string[] {
  const { host, tls, allow_plain_http } = name === "admin" ? tables.admin : tables.backend;
  const problems = certificateProblems(`${name}.tls`, tls, settings);
  const isPlain = tls?.cert === undefined && tls?.key === undefined;
  if (isPlain && !isLoopback(host) && !allow_plain_http) {
    const where = settings.get(`${name}.host`)?.where ?? "configuration";
    problems.push(
      `${where}: ${name}.host ${host} can be reached from elsewhere, so give ${name}.tls.cert and ` +
        `${name}.tls.key, or say ${name}.allow_plain_http = true`,
    );
  }
  return problems;
}

function certificateProblems(
  name: string,
  tls: ConfigTables["client_tls"],
  settings: Settings,
): string[] {
  if ((tls?.cert === undefined) === (tls?.key === undefined)) return [];
  const [given, missing] = tls?.cert === undefined ? ["key", "cert"] : ["cert", "key"];
  const where = settings.get(`${name}.${given}`)?.where ?? "configuration";
  return [`${where}: ${name}.${given} needs ${name}.${missing}`];
}
