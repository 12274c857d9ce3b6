import type { ResultCode } from "../../backend/result-code.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { RootKeyCommand } from "./root-key-store.ts";

/** What the Join Server says: a command for the device if there is any, or its refusal. */
export type RootKeyAnswer =
  | { readonly macCommand: Uint8Array | undefined }
  | { readonly refusal: Exclude<ResultCode, "Success"> };

/** The Join Server's side of root key updates. */
export interface RootKeyJoinServer {
  /** Hands over a command that came up. @throws WarrenError `peer-unreachable`, `peer-answer-malformed` */
  relayCommand(command: RootKeyCommand): Promise<RootKeyAnswer>;
  /** Asks for an update. @throws WarrenError as `relayCommand` */
  askForUpdate(ask: {
    readonly devEui: Eui64;
    readonly joinEui: Eui64;
    readonly frames: number;
  }): Promise<RootKeyAnswer>;
}
