import * as fc from "fast-check";
import type { MacCommand } from "../../../src/lorawan/mac-commands/mac-commands.ts";

/** "bool", "hz" (a multiple of 100 up to 24 bits), "eirp" (dBm of table 12) or a range of integers. */
export type Kind = "bool" | "hz" | "eirp" | readonly [number, number];

/**
 * The layout of one command, written down once more from the figures of the specification, so that a
 * slip in the tables of `src` cannot hide.
 */
export interface Layout {
  readonly cid: number;
  /** One hex byte for each byte of the payload, with the bits set that are not RFU. */
  readonly mask: string;
  readonly fields: Readonly<Record<string, Kind>>;
}

export const eirps = [8, 10, 12, 13, 14, 16, 18, 20, 21, 24, 26, 27, 29, 30, 33, 36];

const nibble = [0, 15] as const;
const byte = [0, 255] as const;

export const layouts: Record<"up" | "down", Record<string, Layout>> = {
  up: {
    ResetInd: { cid: 0x01, mask: "0f", fields: { minor: nibble } },
    LinkCheckReq: { cid: 0x02, mask: "", fields: {} },
    LinkADRAns: {
      cid: 0x03,
      mask: "07",
      fields: { channelMaskAck: "bool", dataRateAck: "bool", powerAck: "bool" },
    },
    DutyCycleAns: { cid: 0x04, mask: "", fields: {} },
    RXParamSetupAns: {
      cid: 0x05,
      mask: "07",
      fields: { channelAck: "bool", rx2DataRateAck: "bool", rx1DrOffsetAck: "bool" },
    },
    DevStatusAns: { cid: 0x06, mask: "ff3f", fields: { battery: byte, marginDb: [-32, 31] } },
    NewChannelAns: {
      cid: 0x07,
      mask: "03",
      fields: { channelFrequencyOk: "bool", dataRateRangeOk: "bool" },
    },
    RXTimingSetupAns: { cid: 0x08, mask: "", fields: {} },
    TxParamSetupAns: { cid: 0x09, mask: "", fields: {} },
    DlChannelAns: {
      cid: 0x0a,
      mask: "03",
      fields: { channelFrequencyOk: "bool", uplinkFrequencyExists: "bool" },
    },
    RekeyInd: { cid: 0x0b, mask: "0f", fields: { minor: nibble } },
    ADRParamSetupAns: { cid: 0x0c, mask: "", fields: {} },
    DeviceTimeReq: { cid: 0x0d, mask: "", fields: {} },
    RejoinParamSetupAns: { cid: 0x0f, mask: "01", fields: { timeOk: "bool" } },
    PingSlotInfoReq: { cid: 0x10, mask: "07", fields: { periodicity: [0, 7] } },
    PingSlotChannelAns: {
      cid: 0x11,
      mask: "03",
      fields: { channelFrequencyOk: "bool", dataRateOk: "bool" },
    },
    BeaconTimingReq: { cid: 0x12, mask: "", fields: {} },
    BeaconFreqAns: { cid: 0x13, mask: "01", fields: { beaconFrequencyOk: "bool" } },
    DeviceModeInd: { cid: 0x20, mask: "ff", fields: { deviceClass: byte } },
  },
  down: {
    ResetConf: { cid: 0x01, mask: "0f", fields: { minor: nibble } },
    LinkCheckAns: { cid: 0x02, mask: "ffff", fields: { marginDb: byte, gwCnt: byte } },
    LinkADRReq: {
      cid: 0x03,
      mask: "ffffff7f",
      fields: {
        dataRate: nibble,
        txPower: nibble,
        chMask: [0, 0xffff],
        chMaskCntl: [0, 7],
        nbTrans: nibble,
      },
    },
    DutyCycleReq: { cid: 0x04, mask: "0f", fields: { maxDCycle: nibble } },
    RXParamSetupReq: {
      cid: 0x05,
      mask: "7fffffff",
      fields: { rx1DrOffset: [0, 7], rx2DataRate: nibble, frequencyHz: "hz" },
    },
    DevStatusReq: { cid: 0x06, mask: "", fields: {} },
    NewChannelReq: {
      cid: 0x07,
      mask: "ffffffffff",
      fields: { chIndex: byte, frequencyHz: "hz", maxDr: nibble, minDr: nibble },
    },
    RXTimingSetupReq: { cid: 0x08, mask: "0f", fields: { delay: nibble } },
    TxParamSetupReq: {
      cid: 0x09,
      mask: "3f",
      fields: {
        isDownlinkDwellTimeLimited: "bool",
        isUplinkDwellTimeLimited: "bool",
        maxEirpDbm: "eirp",
      },
    },
    DlChannelReq: { cid: 0x0a, mask: "ffffffff", fields: { chIndex: byte, frequencyHz: "hz" } },
    RekeyConf: { cid: 0x0b, mask: "0f", fields: { minor: nibble } },
    ADRParamSetupReq: { cid: 0x0c, mask: "ff", fields: { limitExp: nibble, delayExp: nibble } },
    DeviceTimeAns: {
      cid: 0x0d,
      mask: "ffffffffff",
      fields: { secondsSinceGpsEpoch: [0, 0xffffffff], fractionalSecond: byte },
    },
    ForceRejoinReq: {
      cid: 0x0e,
      mask: "7f3f",
      fields: { period: [0, 7], maxRetries: [0, 7], rejoinType: [0, 7], dataRate: nibble },
    },
    RejoinParamSetupReq: {
      cid: 0x0f,
      mask: "ff",
      fields: { maxTimeN: nibble, maxCountN: nibble },
    },
    PingSlotInfoAns: { cid: 0x10, mask: "", fields: {} },
    PingSlotChannelReq: {
      cid: 0x11,
      mask: "ffffff0f",
      fields: { frequencyHz: "hz", dataRate: nibble },
    },
    BeaconTimingAns: { cid: 0x12, mask: "ffffff", fields: { delay: [0, 0xffff], channel: byte } },
    BeaconFreqReq: { cid: 0x13, mask: "ffffff", fields: { frequencyHz: "hz" } },
    DeviceModeConf: { cid: 0x20, mask: "ff", fields: { deviceClass: byte } },
  },
};

function anyValue(kind: Kind): fc.Arbitrary<unknown> {
  if (kind === "bool") {
    return fc.boolean();
  }
  if (kind === "hz") {
    return fc.integer({ min: 0, max: 2 ** 24 - 1 }).map((steps) => 100 * steps);
  }
  if (kind === "eirp") {
    return fc.constantFrom(...eirps);
  }
  return fc.integer({ min: kind[0], max: kind[1] });
}

/** Any command of this name with fields in their ranges. */
export function commandOf(name: string, layout: Layout): fc.Arbitrary<MacCommand> {
  const values = Object.entries(layout.fields).map(([field, kind]) => [field, anyValue(kind)]);
  const record = { name: fc.constant(name), ...Object.fromEntries(values) };
  return fc.record(record, { noNullPrototype: true }) as unknown as fc.Arbitrary<MacCommand>;
}

/** Any command of one direction. */
export function anyCommand(direction: "up" | "down"): fc.Arbitrary<MacCommand> {
  return fc.oneof(
    ...Object.entries(layouts[direction]).map(([name, layout]) => commandOf(name, layout)),
  );
}
