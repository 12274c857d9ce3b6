import { importAes128Key } from "../../src/crypto/aes128.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { encodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import { BENCH_JOIN_EUI, benchDevEui } from "../join-load.ts";
import { LOAD_DEVICES, rootKeyOf } from "../joins/population.ts";
import { joinReqText } from "../joins/prepared-requests.ts";

/** The devices of a storm: each Join-request has the next DevNonce. */
export class StormDevices {
  readonly #nextDevNonces = new Uint16Array(LOAD_DEVICES).fill(1);
  readonly #prepared = new Map<number, string>();

  /** Makes the next JoinReq of so many devices before they are wanted. */
  prepare(count: number): void {
    this.#prepared.clear();
    for (let index = 0; index < count; index++) this.#prepared.set(index, this.#make(index));
  }

  /** The next JoinReq of a device. */
  joinReq(index: number): string {
    const prepared = this.#prepared.get(index);
    if (prepared === undefined) return this.#make(index);
    this.#prepared.delete(index);
    return prepared;
  }

  #make(index: number): string {
    const devNonce = this.#nextDevNonces[index] as number;
    this.#nextDevNonces[index] = devNonce + 1;
    const fields = { joinEui: BENCH_JOIN_EUI, devEui: parseEui64(benchDevEui(index)), devNonce };
    const nwkKey = importAes128Key(rootKeyOf("NwkKey", index));
    return joinReqText(index, formatHex(encodeJoinRequest(fields, nwkKey)));
  }
}
