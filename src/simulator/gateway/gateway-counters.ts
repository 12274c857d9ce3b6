/** What a gateway did since it started. */
export interface GatewayCounters {
  readonly framesReceived: number;
  readonly pushesSent: number;
  readonly pushesAcknowledged: number;
  readonly pullsSent: number;
  readonly pullsAcknowledged: number;
  readonly downlinksReceived: number;
  readonly downlinksSent: number;
  /** Downlinks not sent, by the error in the TX_ACK. */
  readonly downlinksRefused: Readonly<Record<string, number>>;
}

export const noGatewayCounters: GatewayCounters = {
  framesReceived: 0,
  pushesSent: 0,
  pushesAcknowledged: 0,
  pullsSent: 0,
  pullsAcknowledged: 0,
  downlinksReceived: 0,
  downlinksSent: 0,
  downlinksRefused: {},
};
