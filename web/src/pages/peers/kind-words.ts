import type { PeerKind } from "./peer-queries.ts";

/** How each kind of peer is spoken of. */
export const KIND_WORDS = {
  "network-server": {
    name: "Network Server",
    aName: "a Network Server",
    idName: "NetID",
    none: "No Network Server may ask for devices yet: no device can join before one is added.",
  },
  "application-server": {
    name: "Application Server",
    aName: "an Application Server",
    idName: "AS-ID",
    none: "No Application Server is on record yet: no AppSKey leaves this server before one is added.",
  },
} as const satisfies Record<
  PeerKind,
  { name: string; aName: string; idName: string; none: string }
>;
