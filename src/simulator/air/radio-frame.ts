/** One frame on the air. */
export interface RadioFrame {
  readonly phyPayload: Uint8Array;
  readonly frequencyHz: number;
  /** The name of a data rate: `SF7BW125` as GWMP writes it, or `FSK50000`. */
  readonly modulation: string;
  /** Start of the preamble, in simulated milliseconds. */
  readonly startsAt: number;
  readonly timeOnAirMs: number;
}

/** A moment at which an end-device listens for the preamble of a downlink. */
export interface ReceiveWindow {
  readonly name: "rx1" | "rx2";
  readonly opensAt: number;
  readonly frequencyHz: number;
  readonly modulation: string;
}

/** A gateway's receiver: hears all channels and data rates at once. */
export interface UplinkReceiver {
  /** Called after the end of the frame. */
  receive(frame: RadioFrame): void;
}

/** An end-device's receiver during the windows after one uplink. */
export interface DownlinkReceiver {
  /** Where it stands, any whole number from 0: decides which gateways are in its range. */
  readonly place: number;

  /**
   * Called at the end of a frame heard in a window.
   *
   * @returns whether it was for this device, which then opens no further window
   */
  receive(phyPayload: Uint8Array, window: ReceiveWindow): boolean;

  /** Called once when there is no window left to wait for. */
  windowsClosed(): void;
}

/** What can go wrong on the air. */
export interface AirSettings {
  /** Share, 0..1, of uplinks that one gateway does not hear; drawn for each gateway. */
  readonly lossUp: number;
  /** Share, 0..1, of downlinks that a device does not hear. */
  readonly lossDown: number;
  /** Most a frame is late by, in ms; drawn evenly from 0. A late downlink misses its window. */
  readonly delayMs: number;
  /** Share, 0..1, of frames that somebody records and sends again. */
  readonly duplicate: number;
  /** How many gateways hear a device, and it hears, always the same ones; all when left out. */
  readonly gatewaysInRange?: number;
}

/** Air that carries every frame once and in time. */
export const perfectAir: AirSettings = { lossUp: 0, lossDown: 0, delayMs: 0, duplicate: 0 };
