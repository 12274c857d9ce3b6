import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { formatHex } from "../../src/lorawan/hex.ts";
import { indexOfDevEui, payloadOf } from "./uplink-devices.ts";

interface UplinkEvent {
  readonly DevEUI: string;
  readonly FCntUp: number;
  readonly FRMPayload: string;
  readonly Gateways: readonly { readonly GatewayEUI: string }[];
}

/**
 * The Application Server's side of a load: takes events, and looks whether each is the next of its device,
 * with the payload that was sent.
 */
export class EventReceiver {
  readonly #server = createServer();
  readonly #nextFCnt: Uint32Array;
  /** Called with each event that is new. */
  onEvent: (index: number, fCnt: number) => void = () => undefined;
  /** Events that were new. */
  events = 0;
  /** Events told before. */
  repeated = 0;
  /** Events that came before one that was sent earlier, or instead of it. */
  outOfOrder = 0;
  /** Events whose payload is not what was sent. */
  wrong = 0;
  /** Events of uplinks that two gateways heard. */
  heardTwice = 0;
  requests = 0;

  constructor(devices: number) {
    this.#nextFCnt = new Uint32Array(devices);
    this.#server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        this.requests++;
        const body = JSON.parse(Buffer.concat(chunks).toString());
        this.#take(request.url ?? "", body);
        response.setHeader("content-type", "application/json");
        response.end('{"Failed":[]}');
      });
    });
  }

  /** @returns its URL */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The counter after the last event of a device. */
  nextFCntOf(index: number): number {
    return this.#nextFCnt[index] as number;
  }

  /** @throws Error for events that were wrong, out of order or told twice since the last check */
  check(): void {
    const { repeated, outOfOrder, wrong } = this;
    [this.repeated, this.outOfOrder, this.wrong] = [0, 0, 0];
    if (repeated + outOfOrder + wrong === 0) return;
    throw new Error(`events: ${repeated} repeated, ${outOfOrder} out of order, ${wrong} wrong`);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #take(path: string, body: unknown): void {
    if (path === "/network-server/uplinks") this.#takeUplink(body as UplinkEvent);
    if (path !== "/network-server/messages") return;
    for (const { Uplink } of (body as { Messages: { Uplink?: UplinkEvent }[] }).Messages) {
      if (Uplink !== undefined) this.#takeUplink(Uplink);
    }
  }

  #takeUplink({ DevEUI, FCntUp, FRMPayload, Gateways }: UplinkEvent): void {
    const index = indexOfDevEui(DevEUI);
    const next = this.nextFCntOf(index);
    if (FCntUp < next) {
      this.repeated++;
      return;
    }
    if (FCntUp > next) this.outOfOrder++;
    if (FRMPayload !== formatHex(payloadOf(index, FCntUp))) this.wrong++;
    if (Gateways.length === 2) this.heardTwice++;
    this.#nextFCnt[index] = FCntUp + 1;
    this.events++;
    this.onEvent(index, FCntUp);
  }
}
