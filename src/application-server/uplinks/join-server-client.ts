import type { BackendClient } from "../../backend/client.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { AppSKeyAnswer, JoinServerPort } from "./app-s-key.ts";

/** The Join Server over the Backend Interfaces. */
export class JoinServerClient implements JoinServerPort {
  readonly #client: BackendClient;

  constructor(client: BackendClient) {
    this.#client = client;
  }

  async appSKey(joinEui: Eui64, devEui: Eui64, sessionKeyId: string): Promise<AppSKeyAnswer> {
    const { result, value } = await this.#client.appSKeyReq(joinEui, { devEui, sessionKeyId });
    if (value === undefined) {
      return { refusal: result.resultCode === "Success" ? "Other" : result.resultCode };
    }
    // Opaque, but some servers read it as hex and write it back in their own case.
    const isSameSession = value.sessionKeyId.toLowerCase() === sessionKeyId.toLowerCase();
    if (value.devEui !== devEui || !isSameSession) {
      throw new WarrenError(
        "peer-answer-malformed",
        "the Join Server answered for another session than the one asked for",
      );
    }
    return { envelope: value.appSKey };
  }
}
