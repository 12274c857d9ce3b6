import { encodeDatagram } from "../../src/gwmp/datagram.ts";
import type { Rxpk } from "../../src/gwmp/rxpk.ts";
import type { Eui64 } from "../../src/lorawan/identifiers.ts";
import { type UplinkDevice, uplinkDevice, uplinkOf } from "./uplink-devices.ts";

type LoraRxpk = Extract<Rxpk, { readonly modu: "LORA" }>;

export const GATEWAY_COUNT = 8;
/** Frames of one PUSH_DATA that no gateway has told of before. */
const FRAMES_PER_DATAGRAM = 8;
/** A prime that is no divisor of the number of devices: neighbours on air are far apart in the database. */
const STRIDE = 7919;
const FREQUENCIES_HZ = [868_100_000, 868_300_000, 868_500_000, 867_100_000, 867_300_000];
const DATA_RATES = [
  { txDr: 5, datr: "SF7BW125" },
  { txDr: 4, datr: "SF8BW125" },
  { txDr: 3, datr: "SF9BW125" },
] as const;

/** One uplink that is new in a datagram. */
export interface SentUplink {
  readonly index: number;
  readonly fCnt: number;
}

/** A PUSH_DATA: eight new uplinks, and one that the gateway before has told of. */
export interface PreparedDatagram {
  readonly gateway: number;
  readonly bytes: Uint8Array;
  readonly uplinks: readonly SentUplink[];
}

export function gatewayEuiOf(gateway: number): Eui64 {
  return `aa555a00000000${gateway.toString(16).padStart(2, "0")}` as Eui64;
}

/** Makes uplinks, each device once a pass with the next FCnt, before the load that sends them. */
export class PreparedUplinks {
  readonly devices: readonly UplinkDevice[];
  /** Every n-th uplink is confirmed; 0: none. */
  confirmedEvery = 0;
  #uplinks = 0;
  #datagrams = 0;
  #last: LoraRxpk | undefined;

  constructor(devices: number) {
    this.devices = Array.from({ length: devices }, (_, index) => uplinkDevice(index));
  }

  /** Datagrams with at least so many new uplinks. */
  make(uplinks: number): readonly PreparedDatagram[] {
    const count = Math.ceil(uplinks / FRAMES_PER_DATAGRAM);
    return Array.from({ length: count }, () => this.#datagram());
  }

  /** The last ones of those made were not sent: their uplinks come next. */
  takeBack(datagrams: number): void {
    this.#datagrams -= datagrams;
    this.#uplinks -= FRAMES_PER_DATAGRAM * datagrams;
    this.#last = undefined;
  }

  #datagram(): PreparedDatagram {
    const number = this.#datagrams++;
    const gateway = number % GATEWAY_COUNT;
    const sent: SentUplink[] = [];
    const rxpk: LoraRxpk[] =
      this.#last === undefined ? [] : [{ ...this.#last, rssi: -100, lsnr: -5 }];
    for (let index = 0; index < FRAMES_PER_DATAGRAM; index++) {
      const uplink = this.#next();
      sent.push(uplink.sent);
      rxpk.push(uplink.rxpk);
    }
    this.#last = rxpk.at(-1);
    const bytes = encodeDatagram({
      type: "PUSH_DATA",
      version: 2,
      token: Math.floor(number / GATEWAY_COUNT) & 0xffff,
      gatewayEui: gatewayEuiOf(gateway),
      rxpk,
    });
    return { gateway, bytes, uplinks: sent };
  }

  #next(): { readonly sent: SentUplink; readonly rxpk: LoraRxpk } {
    const number = this.#uplinks++;
    const index = (number * STRIDE) % this.devices.length;
    const fCnt = Math.floor(number / this.devices.length);
    const txCh = number % FREQUENCIES_HZ.length;
    const { txDr, datr } = DATA_RATES[number % DATA_RATES.length] as (typeof DATA_RATES)[number];
    const isConfirmed = this.confirmedEvery > 0 && number % this.confirmedEvery === 0;
    const phyPayload = uplinkOf(this.devices[index] as UplinkDevice, fCnt, {
      ...{ txDr, txCh, isConfirmed },
    });
    return {
      sent: { index, fCnt },
      rxpk: {
        modu: "LORA",
        tmst: (number * 50) % 2 ** 32,
        time: "2026-01-01T00:00:00.000000Z",
        chan: txCh,
        rfch: 0,
        frequencyHz: FREQUENCIES_HZ[txCh] as number,
        crcStatus: 1,
        datr,
        codr: "4/5",
        rssi: -60 - (number % 40),
        lsnr: 9.5,
        phyPayload,
      },
    };
  }
}
