/** Where a value comes from, in the order in which later ones win. */
export const SOURCE_KINDS = ["default", "file", "environment", "option"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** One value that somebody has set. */
export interface Setting {
  /** `backend.port`, or `webhook.0.url` for the first webhook. */
  readonly name: string;
  readonly value: unknown;
  readonly source: SourceKind;
  /** For people: `warren.toml:12`, `WARREN_BACKEND_PORT`, `--backend-port`. */
  readonly where: string;
}

export type Settings = ReadonlyMap<string, Setting>;

/** The name of a setting without the numbers of webhooks, which is that of its member. */
export function memberName(settingName: string): string {
  return settingName.replace(/\.\d+(?=\.|$)/g, "");
}
