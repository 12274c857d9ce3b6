/** An uplink, and the downlink that the device expects in RX1 if any; so many times. */
export interface Exchange {
  readonly uplink: SentFrame;
  readonly downlink: SentFrame | undefined;
  readonly count: number;
}

export interface SentFrame {
  readonly content: FrameContent;
  /** As `DataRate.name`. */
  readonly modulation: string;
  /** MHDR to MIC. */
  readonly phyPayloadLengthBytes: number;
}

/**
 * What a frame is sent for. An `opening` is an uplink that says nothing: it opens the windows that a class A
 * device must have for a downlink. `rekey` are RekeyInd and RekeyConf.
 */
export type FrameContent =
  | "opening"
  | "request"
  | "confirmation"
  | "proof"
  | "answer"
  | "join"
  | "rejoin"
  | "rekey";
