import type { Token } from "../../api/generated/warren-api.ts";

export type Role = Token["role"];

/** What each role may do (docs/administration.md, "Tokens and roles"); the least first. */
export const ROLE_WORDS: readonly { readonly role: Role; readonly about: string }[] = [
  {
    role: "auditor",
    about: "Sees devices, peers, tokens, the audit log, the vault and events. Changes nothing.",
  },
  {
    role: "key-officer",
    about: "Exports root keys, wrapped for somebody, and sees devices. Changes nothing.",
  },
  {
    role: "operator",
    about:
      "Devices, imports, root key updates, campaigns and policies. Sees peers and changes none; no tokens, no audit log, no export of keys.",
  },
  {
    role: "administrator",
    about: "Everything: peers, tokens and the export of root keys too.",
  },
];
