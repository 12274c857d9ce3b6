import { type CommandsOf, codecsOf, define } from "./codec.ts";
import { bool, entryOf, frequency, uint } from "./fields.ts";

/** Classes in DeviceModeInd and DeviceModeConf; all other values are reserved (LoRaWAN 1.1 §18.1). */
export const DeviceModeClass = { A: 0x00, C: 0x02 } as const;
export type DeviceModeClass = (typeof DeviceModeClass)[keyof typeof DeviceModeClass];

/** The values of MaxEIRP in dBm by their code (LoRaWAN 1.1 §5.9, table 12). */
const maxEirpsDbm = [8, 10, 12, 13, 14, 16, 18, 20, 21, 24, 26, 27, 29, 30, 33, 36];

/**
 * The MAC commands that a Network Server sends: requests of its own, answers and confirmations.
 *
 * | CID | payload |
 * |  1  |   0..5  |  bytes, little-endian; bits counted from the least significant of the first byte
 *
 * @see LoRaWAN 1.1 §5 (class A), §14 (class B), §18 (class C)
 */
const definitions = {
  /** §5.1 */
  ResetConf: define(0x01, 1, "1.1.0", {
    /** Minor version of the server; must equal that of ResetInd. */
    minor: uint(0, 4),
  }),
  /** §5.2 */
  LinkCheckAns: define(0x02, 2, "1.0.0", {
    /** Decibels above the demodulation floor, 0..254; 255 is reserved. */
    marginDb: uint(0, 8),
    /** Gateways that received the LinkCheckReq. */
    gwCnt: uint(8, 8),
  }),
  /**
   * Neighbouring LinkADRReq in one frame are one block: the masks apply in order, data rate, power
   * and number of transmissions count in the last only, and one LinkADRAns answers all. §5.3
   *
   * | DataRate_TXPower | ChMask | Redundancy |
   * |        1         |   2    |     1      |
   */
  LinkADRReq: define(0x03, 4, "1.0.0", {
    /** Index in the region, or 15 to keep the present one. */
    dataRate: uint(4, 4),
    /** Index in the region, or 15 to keep the present one. */
    txPower: uint(0, 4),
    /** Bit n enables channel n of the 16 channels that `chMaskCntl` names. */
    chMask: uint(8, 16),
    /** Which channels the mask is for; the meaning is the region's. */
    chMaskCntl: uint(28, 3),
    /** Transmissions of each uplink, 1..15, or 0 to keep the present number. */
    nbTrans: uint(24, 4),
  }),
  /** §5.4 */
  DutyCycleReq: define(0x04, 1, "1.0.0", {
    /** The device may transmit for at most 1 / 2^maxDCycle of the time; 0 is no limit. */
    maxDCycle: uint(0, 4),
  }),
  /** | DLsettings | Frequency | of 1 and 3 bytes. §5.5 */
  RXParamSetupReq: define(0x05, 4, "1.0.0", {
    rx1DrOffset: uint(4, 3),
    rx2DataRate: uint(0, 4),
    frequencyHz: frequency(8),
  }),
  /** §5.6 */
  DevStatusReq: define(0x06, 0, "1.0.0", {}),
  /** | ChIndex | Freq | DrRange | of 1, 3 and 1 bytes. Not for regions with fixed channels. §5.7 */
  NewChannelReq: define(0x07, 5, "1.0.0", {
    chIndex: uint(0, 8),
    /** 0 disables the channel. */
    frequencyHz: frequency(8),
    maxDr: uint(36, 4),
    minDr: uint(32, 4),
  }),
  /** §5.8 */
  RXTimingSetupReq: define(0x08, 1, "1.0.0", {
    /** Seconds from the end of the uplink to RX1, 1..15; 0 also means one second. */
    delay: uint(0, 4),
  }),
  /** For regions that limit the dwell time. §5.9; first in LoRaWAN 1.0.2 */
  TxParamSetupReq: define(0x09, 1, "1.0.2", {
    /** Whether downlinks are limited to 400 ms. */
    isDownlinkDwellTimeLimited: bool(5),
    /** Whether uplinks are limited to 400 ms. */
    isUplinkDwellTimeLimited: bool(4),
    /** One of 8, 10, 12, 13, 14, 16, 18, 20, 21, 24, 26, 27, 29, 30, 33 and 36 dBm. */
    maxEirpDbm: entryOf(maxEirpsDbm, 0, 4),
  }),
  /** | ChIndex | Freq | of 1 and 3 bytes: moves RX1 of one channel. §5.7; first in LoRaWAN 1.0.2 */
  DlChannelReq: define(0x0a, 4, "1.0.2", {
    chIndex: uint(0, 8),
    frequencyHz: frequency(8),
  }),
  /** §5.10 */
  RekeyConf: define(0x0b, 1, "1.1.0", {
    /** Minor version of the server; at least 1 and at most that of RekeyInd. */
    minor: uint(0, 4),
  }),
  /** §5.11 */
  ADRParamSetupReq: define(0x0c, 1, "1.1.0", {
    /** ADR_ACK_LIMIT = 2^limitExp uplinks. */
    limitExp: uint(4, 4),
    /** ADR_ACK_DELAY = 2^delayExp uplinks. */
    delayExp: uint(0, 4),
  }),
  /** The time at the end of the uplink that asked for it. §5.12; LoRaWAN 1.0.3 devices use it too */
  DeviceTimeAns: define(0x0d, 5, "1.0.3", {
    /** Seconds since 6 January 1980, 0 h UTC, without leap seconds. See `gps-time.ts`. */
    secondsSinceGpsEpoch: uint(0, 32),
    /** Steps of 1/256 s, 0..255. */
    fractionalSecond: uint(32, 8),
  }),
  /**
   * Asks for a rejoin-request at once; it has no answer but the rejoin. §5.13
   *
   * Bits: | RFU 15:14 | Period 13:11 | Max_Retries 10:8 | RFU 7 | RejoinType 6:4 | DR 3:0 |
   */
  ForceRejoinReq: define(0x0e, 2, "1.1.0", {
    /** Repeated after 32 s × 2^period plus 0..32 s. */
    period: uint(11, 3),
    /** Repetitions after the first transmission, 0..7. */
    maxRetries: uint(8, 3),
    /** 0 or 1 asks for a rejoin-request of type 0, 2 for one of type 2; 3..7 are reserved. */
    rejoinType: uint(4, 3),
    dataRate: uint(0, 4),
  }),
  /** Asks for rejoin-requests of type 0 from time to time. §5.14 */
  RejoinParamSetupReq: define(0x0f, 1, "1.1.0", {
    /** At least one in 2^(maxTimeN + 10) seconds. */
    maxTimeN: uint(4, 4),
    /** At least one in 2^(maxCountN + 4) uplinks. */
    maxCountN: uint(0, 4),
  }),
  /** §14.1 */
  PingSlotInfoAns: define(0x10, 0, "1.0.0", {}),
  /** | Frequency | DR | of 3 and 1 bytes. §14.3; LoRaWAN 1.0.2 §14.3 has a DrRange in the last byte */
  PingSlotChannelReq: define(0x11, 4, "1.0.0", {
    /** 0 returns to the default frequency plan. */
    frequencyHz: frequency(0),
    dataRate: uint(24, 4),
  }),
  /** | Delay | Channel | of 2 and 1 bytes. Deprecated by LoRaWAN 1.1 §14.4; LoRaWAN 1.0.2 §14.5 */
  BeaconTimingAns: define(0x12, 3, "1.0.0", {
    /** The next beacon begins between 30 ms × delay and 30 ms × (delay + 1) from now. */
    delay: uint(0, 16),
    /** Index of the beacon's channel; 0 where beacons have one channel. */
    channel: uint(16, 8),
  }),
  /** §14.2 */
  BeaconFreqReq: define(0x13, 3, "1.0.0", {
    /** 0 returns to the default beacon frequencies. */
    frequencyHz: frequency(0),
  }),
  /** §18.1 */
  DeviceModeConf: define(0x20, 1, "1.1.0", {
    /** See `DeviceModeClass`. */
    deviceClass: uint(0, 8),
  }),
};

/** A MAC command sent by a Network Server. */
export type DownlinkMacCommand = CommandsOf<typeof definitions>;

/** All commands of a Network Server by rising command identifier. */
export const downlinkMacCommandCodecs = codecsOf(definitions);
