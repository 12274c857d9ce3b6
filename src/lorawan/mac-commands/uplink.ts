import { type CommandsOf, codecsOf, define } from "./codec.ts";
import { bool, int, uint } from "./fields.ts";

/**
 * The MAC commands that an end-device sends: requests and indications of its own, and answers.
 *
 * | CID | payload |
 * |  1  |   0..2  |  bytes, little-endian; bits counted from the least significant of the first byte
 *
 * @see LoRaWAN 1.1 §5 (class A), §14 (class B), §18 (class C)
 */
const definitions = {
  /** ABP only: the device was reset to its default MAC and radio parameters. §5.1 */
  ResetInd: define(0x01, 1, "1.1.0", {
    /** Minor version of the device; 1 for LoRaWAN 1.1, all else is reserved. */
    minor: uint(0, 4),
  }),
  /** Asks how well the network hears the device. §5.2 */
  LinkCheckReq: define(0x02, 0, "1.0.0", {}),
  /** Answers a whole block of LinkADRReq. Nothing was changed unless all three are true. §5.3 */
  LinkADRAns: define(0x03, 1, "1.0.0", {
    channelMaskAck: bool(0),
    dataRateAck: bool(1),
    powerAck: bool(2),
  }),
  /** §5.4 */
  DutyCycleAns: define(0x04, 0, "1.0.0", {}),
  /** Repeated in every uplink until a downlink arrives. Nothing was changed unless all are true. §5.5 */
  RXParamSetupAns: define(0x05, 1, "1.0.0", {
    channelAck: bool(0),
    rx2DataRateAck: bool(1),
    rx1DrOffsetAck: bool(2),
  }),
  /** §5.6 */
  DevStatusAns: define(0x06, 2, "1.0.0", {
    /** 0: external power; 1..254: level, 254 is full; 255: could not be measured. */
    battery: uint(0, 8),
    /** Signal-to-noise ratio of the DevStatusReq in dB, -32..31. */
    marginDb: int(8, 6),
  }),
  /** The channel was not created unless both are true. §5.7 */
  NewChannelAns: define(0x07, 1, "1.0.0", {
    channelFrequencyOk: bool(0),
    dataRateRangeOk: bool(1),
  }),
  /** Repeated in every uplink until a downlink arrives. §5.8 */
  RXTimingSetupAns: define(0x08, 0, "1.0.0", {}),
  /** Sent only in regions that use the command. §5.9; first in LoRaWAN 1.0.2 */
  TxParamSetupAns: define(0x09, 0, "1.0.2", {}),
  /** Repeated in every uplink until a downlink arrives. §5.7; first in LoRaWAN 1.0.2 */
  DlChannelAns: define(0x0a, 1, "1.0.2", {
    channelFrequencyOk: bool(0),
    uplinkFrequencyExists: bool(1),
  }),
  /** OTAA only: confirms the new session keys; in every uplink after a join until RekeyConf. §5.10 */
  RekeyInd: define(0x0b, 1, "1.1.0", {
    /** Minor version of the device; 1 for LoRaWAN 1.1, all else is reserved. */
    minor: uint(0, 4),
  }),
  /** §5.11 */
  ADRParamSetupAns: define(0x0c, 0, "1.1.0", {}),
  /** Asks for the network time. §5.12; LoRaWAN 1.0.3 devices send it too */
  DeviceTimeReq: define(0x0d, 0, "1.0.3", {}),
  /** §5.14 */
  RejoinParamSetupAns: define(0x0f, 1, "1.1.0", {
    /** False: the device keeps the limit on the count of uplinks, but has no clock for the other. */
    timeOk: bool(0),
  }),
  /** §14.1. LoRaWAN 1.0.2 §14.1 has another layout, with a data rate in bits 3:0. */
  PingSlotInfoReq: define(0x10, 1, "1.0.0", {
    /** 0..7: a ping slot about every 2^periodicity seconds. */
    periodicity: uint(0, 3),
  }),
  /** Called PingSlotFreqAns in LoRaWAN 1.0.2. Nothing was changed unless both are true. §14.3 */
  PingSlotChannelAns: define(0x11, 1, "1.0.0", {
    channelFrequencyOk: bool(0),
    dataRateOk: bool(1),
  }),
  /** Deprecated by LoRaWAN 1.1 §14.4; LoRaWAN 1.0.2 §14.4 defines it. */
  BeaconTimingReq: define(0x12, 0, "1.0.0", {}),
  /** §14.2 */
  BeaconFreqAns: define(0x13, 1, "1.0.0", {
    beaconFrequencyOk: bool(0),
  }),
  /** The device has changed to this class; in every uplink until DeviceModeConf. §18.1 */
  DeviceModeInd: define(0x20, 1, "1.1.0", {
    /** See `DeviceModeClass`. */
    deviceClass: uint(0, 8),
  }),
};

/** A MAC command sent by an end-device. */
export type UplinkMacCommand = CommandsOf<typeof definitions>;

/** All commands of an end-device by rising command identifier. */
export const uplinkMacCommandCodecs = codecsOf(definitions);
