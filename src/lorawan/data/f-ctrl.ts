/**
 * FCtrl of an uplink.
 *
 * | ADR | ADRACKReq | ACK | ClassB | FOptsLen |
 * |  7  |     6     |  5  |   4    |   3..0   |  bits
 *
 * @see LoRaWAN 1.1 §4.3.1, figure 13
 */
export interface UplinkFCtrl {
  readonly adr: boolean;
  /** The end-device asks for any downlink, to learn whether it is still heard. */
  readonly adrAckReq: boolean;
  /** Acknowledges a confirmed downlink. */
  readonly ack: boolean;
  /** The end-device listens to ping slots now; RFU in 1.0.x before class B. */
  readonly classB: boolean;
}

/**
 * FCtrl of a downlink.
 *
 * | ADR | RFU | ACK | FPending | FOptsLen |
 * |  7  |  6  |  5  |    4     |   3..0   |  bits
 *
 * @see LoRaWAN 1.1 §4.3.1, figure 12
 */
export interface DownlinkFCtrl {
  readonly adr: boolean;
  /** Acknowledges a confirmed uplink. */
  readonly ack: boolean;
  /** More downlinks wait: the end-device should send soon. */
  readonly fPending: boolean;
}

const ADR_BIT = 0x80;
const ADR_ACK_REQ_BIT = 0x40;
const ACK_BIT = 0x20;
const CLASS_B_BIT = 0x10;
const F_PENDING_BIT = 0x10;
const F_OPTS_LEN_MASK = 0x0f;

/** FOptsLen is four bits wide, so FOpts has no more bytes than this. */
export const F_OPTS_MAX_LENGTH_BYTES = 15;

/** @param fOptsLen 0..15, already checked */
export function encodeUplinkFCtrl(fCtrl: UplinkFCtrl, fOptsLen: number): number {
  return (
    (fCtrl.adr ? ADR_BIT : 0) |
    (fCtrl.adrAckReq ? ADR_ACK_REQ_BIT : 0) |
    (fCtrl.ack ? ACK_BIT : 0) |
    (fCtrl.classB ? CLASS_B_BIT : 0) |
    fOptsLen
  );
}

/** @param fOptsLen 0..15, already checked */
export function encodeDownlinkFCtrl(fCtrl: DownlinkFCtrl, fOptsLen: number): number {
  return (
    (fCtrl.adr ? ADR_BIT : 0) |
    (fCtrl.ack ? ACK_BIT : 0) |
    (fCtrl.fPending ? F_PENDING_BIT : 0) |
    fOptsLen
  );
}

/** Every octet is a valid uplink FCtrl. */
export function decodeUplinkFCtrl(octet: number): UplinkFCtrl {
  return {
    adr: (octet & ADR_BIT) !== 0,
    adrAckReq: (octet & ADR_ACK_REQ_BIT) !== 0,
    ack: hasAck(octet),
    classB: (octet & CLASS_B_BIT) !== 0,
  };
}

/** Every octet is a valid downlink FCtrl; the RFU bit is ignored (LoRaWAN 1.1 §1.2). */
export function decodeDownlinkFCtrl(octet: number): DownlinkFCtrl {
  return {
    adr: (octet & ADR_BIT) !== 0,
    ack: hasAck(octet),
    fPending: (octet & F_PENDING_BIT) !== 0,
  };
}

/** The length of FOpts in bytes. */
export function fOptsLenOf(octet: number): number {
  return octet & F_OPTS_LEN_MASK;
}

/** ACK has the same place in both directions. */
export function hasAck(octet: number): boolean {
  return (octet & ACK_BIT) !== 0;
}
