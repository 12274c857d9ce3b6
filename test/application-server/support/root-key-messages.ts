import { setTimeout as sleep } from "node:timers/promises";
import type {
  RootKeyAnswer,
  RootKeyJoinServer,
} from "../../../src/application-server/root-keys/root-key-join-server.ts";
import type { RootKeyCommand } from "../../../src/application-server/root-keys/root-key-store.ts";
import { formatHex } from "../../../src/lorawan/hex.ts";
import {
  encodeHealingUpdateReq,
  encodeNewKeyReadyAns,
  encodeNewKeyReadyReq,
  encodeRootKeyUpdateReq,
} from "../../../src/root-key/messages.ts";

const MIC = Uint8Array.of(1, 2, 3, 4);
const JS_NONCE = Uint8Array.of(5, 6, 7);

export const updateReq = (updateId: number) =>
  encodeRootKeyUpdateReq({ updateId, suite: 1, jsNonce: JS_NONCE, mic: MIC });

export const healingUpdateReq = (updateId: number) =>
  encodeHealingUpdateReq({
    updateId,
    suite: 0x81,
    jsNonce: JS_NONCE,
    jsPublicKey: new Uint8Array(32).fill(9),
    mic: MIC,
  });

export const readyReq = (updateId: number) =>
  encodeNewKeyReadyReq({ updateId, edNonce: MIC, mic: MIC });

export const readyAns = (updateId: number) => encodeNewKeyReadyAns({ updateId, mic: MIC });

/** A Join Server that answers what the test says. */
export class ScriptedJoinServer implements RootKeyJoinServer {
  readonly relayed: string[] = [];
  readonly gateways: (string | undefined)[] = [];
  readonly asks: { readonly devEui: string; readonly joinEui: string; readonly frames: number }[] =
    [];
  /** Throws when the Join Server is away. */
  answer: (command: string) => RootKeyAnswer | Promise<RootKeyAnswer> = () => ({
    macCommand: undefined,
  });

  async relayCommand({ macCommand, gatewayId }: RootKeyCommand): Promise<RootKeyAnswer> {
    const answer = await this.answer(formatHex(macCommand));
    this.relayed.push(formatHex(macCommand));
    this.gateways.push(gatewayId);
    return answer;
  }

  async askForUpdate({
    devEui,
    joinEui,
    frames,
  }: {
    readonly devEui: string;
    readonly joinEui: string;
    readonly frames: number;
  }): Promise<RootKeyAnswer> {
    this.asks.push({ devEui, joinEui, frames });
    return await this.answer("ask");
  }
}

/** What goes on in the background comes about within seconds, or never. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 5) {
    if (isSo()) return;
    await sleep(5);
  }
  throw new Error(`waited in vain: ${what}`);
}
