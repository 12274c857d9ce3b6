import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { OutboxMessage } from "../session/device.ts";

const UPLINKS = "/network-server/uplinks";
const DOWNLINK_EVENTS = "/network-server/downlink-events";

interface MessageJson {
  readonly Uplink?: OutboxMessage["body"];
  readonly DownlinkEvent?: OutboxMessage["body"];
}

/** Messages for one Application Server as a part of `batchBody`: with commas between them. */
export function formatMessages(messages: readonly OutboxMessage[]): string {
  const texts = messages.map(
    ({ path, body }) =>
      `{"${path === UPLINKS ? "Uplink" : "DownlinkEvent"}":${JSON.stringify(body)}}`,
  );
  return texts.join(",");
}

/** The body of `POST /network-server/messages` (wire-protocols.md). */
export function batchBody(texts: readonly string[]): string {
  return `{"Messages":[${texts.join(",")}]}`;
}

/** The inverse of `formatMessages`. */
export function parseMessages(text: string, asId: string): readonly OutboxMessage[] {
  return (JSON.parse(`[${text}]`) as readonly MessageJson[]).map(({ Uplink, DownlinkEvent }) => {
    const body = Uplink ?? DownlinkEvent ?? {};
    const path = Uplink === undefined ? DOWNLINK_EVENTS : UPLINKS;
    return { devEui: body["DevEUI"] as Eui64, asId, path, body };
  });
}
