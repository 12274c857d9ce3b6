import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { OutboxMessage } from "../session/device.ts";

const UPLINKS = "/network-server/uplinks";
const DOWNLINK_EVENTS = "/network-server/downlink-events";

interface MessageJson {
  readonly Uplink?: OutboxMessage["body"];
  readonly DownlinkEvent?: OutboxMessage["body"];
}

/** Messages for one Application Server as the body of `POST /network-server/messages` (wire-protocols.md). */
export function formatMessages(messages: readonly OutboxMessage[]): string {
  const texts = messages.map(
    ({ path, body }) =>
      `{"${path === UPLINKS ? "Uplink" : "DownlinkEvent"}":${JSON.stringify(body)}}`,
  );
  return `{"Messages":[${texts.join(",")}]}`;
}

/** The inverse, of a text that was made here. */
export function parseMessages(text: string, asId: string): readonly OutboxMessage[] {
  const { Messages } = JSON.parse(text) as { readonly Messages: readonly MessageJson[] };
  return Messages.map(({ Uplink, DownlinkEvent }) => {
    const body = Uplink ?? DownlinkEvent ?? {};
    const path = Uplink === undefined ? DOWNLINK_EVENTS : UPLINKS;
    return { devEui: body["DevEUI"] as Eui64, asId, path, body };
  });
}
