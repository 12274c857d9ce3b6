import type { Eui64 } from "../../lorawan/identifiers.ts";

/** A downlink as the Network Server takes it: encrypted, with its counter. */
export interface EncryptedDownlink {
  readonly devEui: Eui64;
  readonly sessionKeyId: string;
  readonly downlinkId: string;
  readonly fPort: number;
  readonly fCntDown: number;
  readonly isConfirmed: boolean;
  readonly frmPayload: Uint8Array;
}

/** The Application Server's side of the Network Server (wire-protocols.md). */
export interface NetworkServerPort {
  /**
   * Reserves the next FCntDown of a 1.0.x session, which both servers share.
   *
   * @throws WarrenError as `sendDownlink`
   */
  reserveFCntDown(devEui: Eui64, sessionKeyId: string): Promise<number>;

  /**
   * Hands a downlink over.
   *
   * @throws WarrenError `session-unknown` (the device has a newer session), `downlink-refused` (the
   *   counter is no longer the next), `peer-refused`, `peer-unreachable`, `peer-answer-malformed`
   */
  sendDownlink(downlink: EncryptedDownlink): Promise<void>;
}
