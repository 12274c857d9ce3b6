import type { Answer, BackendClient } from "../../backend/client.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { RootKeyAnswer, RootKeyJoinServer } from "./root-key-join-server.ts";
import type { RootKeyCommand } from "./root-key-store.ts";

/** The Join Server over the Backend Interfaces (docs/application-port.md). */
export class RootKeyJoinServerClient implements RootKeyJoinServer {
  readonly #client: BackendClient;
  readonly #fPort: number;

  /** @param fPort the port that commands come and go on */
  constructor(client: BackendClient, fPort: number) {
    this.#client = client;
    this.#fPort = fPort;
  }

  async relayCommand(command: RootKeyCommand): Promise<RootKeyAnswer> {
    const { devEui, joinEui, macCommand, gatewayId } = command;
    const answer = await this.#client.rootKeyCommandReq(joinEui, {
      devEui,
      macCommand,
      fPort: this.#fPort,
      ...(gatewayId !== undefined && { gatewayId }),
    });
    return rootKeyAnswer(answer);
  }

  async askForUpdate(ask: {
    readonly devEui: Eui64;
    readonly joinEui: Eui64;
    readonly frames: number;
  }): Promise<RootKeyAnswer> {
    const { devEui, joinEui, frames } = ask;
    const answer = await this.#client.rootKeyUpdateReq(joinEui, {
      devEui,
      reason: "frames",
      frames,
    });
    return rootKeyAnswer(answer);
  }
}

function rootKeyAnswer({
  result,
  value,
}: Answer<{ readonly macCommand?: Uint8Array }>): RootKeyAnswer {
  if (value !== undefined) return { macCommand: value.macCommand };
  return { refusal: result.resultCode === "Success" ? "Other" : result.resultCode };
}
