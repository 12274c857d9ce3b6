import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import {
  type Direction,
  decodeMacCommands,
  encodeMacCommands,
  type MacCommand,
} from "../../../src/lorawan/mac-commands/mac-commands.ts";

type Row = readonly [direction: Direction, hex: string, command: MacCommand];

/**
 * TheThingsNetwork/lorawan-stack, pkg/encoding/lorawan/mac_test.go, TestLoRaWANEncodingMAC, but for
 * its DevStatusAns (see `fromTheText`) and its DlChannelAns, whose two bits are swapped against
 * LoRaWAN 1.1 §5.7 and brocaar/lorawan.
 */
const lorawanStack: readonly Row[] = [
  ["down", "0101", { name: "ResetConf", minor: 1 }],
  ["up", "0101", { name: "ResetInd", minor: 1 }],
  ["up", "02", { name: "LinkCheckReq" }],
  ["down", "021403", { name: "LinkCheckAns", marginDb: 20, gwCnt: 3 }],
  [
    "down",
    "0352040211",
    {
      name: "LinkADRReq",
      dataRate: 5,
      txPower: 2,
      chMask: (1 << 2) | (1 << 9),
      chMaskCntl: 1,
      nbTrans: 1,
    },
  ],
  ["up", "0307", { name: "LinkADRAns", channelMaskAck: true, dataRateAck: true, powerAck: true }],
  ["down", "040d", { name: "DutyCycleReq", maxDCycle: 13 }],
  ["up", "04", { name: "DutyCycleAns" }],
  [
    "down",
    "055c42ffff",
    { name: "RXParamSetupReq", rx1DrOffset: 5, rx2DataRate: 12, frequencyHz: 1_677_702_600 },
  ],
  [
    "up",
    "0505",
    { name: "RXParamSetupAns", channelAck: true, rx2DataRateAck: false, rx1DrOffsetAck: true },
  ],
  ["down", "06", { name: "DevStatusReq" }],
  [
    "down",
    "070fffff4242",
    { name: "NewChannelReq", chIndex: 15, frequencyHz: 0x42ffff * 100, maxDr: 4, minDr: 2 },
  ],
  [
    "down",
    "070f00000042",
    { name: "NewChannelReq", chIndex: 15, frequencyHz: 0, maxDr: 4, minDr: 2 },
  ],
  ["up", "0702", { name: "NewChannelAns", channelFrequencyOk: false, dataRateRangeOk: true }],
  ["down", "080f", { name: "RXTimingSetupReq", delay: 15 }],
  ["up", "08", { name: "RXTimingSetupAns" }],
  [
    "down",
    "092f",
    {
      name: "TxParamSetupReq",
      isDownlinkDwellTimeLimited: true,
      isUplinkDwellTimeLimited: false,
      maxEirpDbm: 36,
    },
  ],
  ["up", "09", { name: "TxParamSetupAns" }],
  ["down", "0a04ffff42", { name: "DlChannelReq", chIndex: 4, frequencyHz: 0x42ffff * 100 }],
  ["up", "0b01", { name: "RekeyInd", minor: 1 }],
  ["down", "0b01", { name: "RekeyConf", minor: 1 }],
  ["down", "0c42", { name: "ADRParamSetupReq", limitExp: 4, delayExp: 2 }],
  ["up", "0c", { name: "ADRParamSetupAns" }],
  ["up", "0d", { name: "DeviceTimeReq" }],
  [
    "down",
    "0dffffff4242",
    { name: "DeviceTimeAns", secondsSinceGpsEpoch: 0x42ffffff, fractionalSecond: 0x42 },
  ],
  [
    "down",
    "0e2d3f",
    { name: "ForceRejoinReq", period: 7, maxRetries: 7, rejoinType: 2, dataRate: 13 },
  ],
  ["down", "0f42", { name: "RejoinParamSetupReq", maxTimeN: 4, maxCountN: 2 }],
  ["up", "0f01", { name: "RejoinParamSetupAns", timeOk: true }],
  ["up", "1007", { name: "PingSlotInfoReq", periodicity: 7 }],
  ["down", "10", { name: "PingSlotInfoAns" }],
  ["down", "11ffff420f", { name: "PingSlotChannelReq", frequencyHz: 0x42ffff * 100, dataRate: 15 }],
  ["up", "1102", { name: "PingSlotChannelAns", channelFrequencyOk: false, dataRateOk: true }],
  ["up", "12", { name: "BeaconTimingReq" }],
  ["down", "12ff4242", { name: "BeaconTimingAns", delay: 0x42ff, channel: 0x42 }],
  ["down", "13ffff42", { name: "BeaconFreqReq", frequencyHz: 0x42ffff * 100 }],
  ["up", "1301", { name: "BeaconFreqAns", beaconFrequencyOk: true }],
  ["up", "2000", { name: "DeviceModeInd", deviceClass: 0 }],
  ["down", "2002", { name: "DeviceModeConf", deviceClass: 2 }],
];

/** brocaar/lorawan, mac_commands_test.go; its payloads with the command identifier before them. */
const brocaarLorawan: readonly Row[] = [
  ["down", "020a0f", { name: "LinkCheckAns", marginDb: 10, gwCnt: 15 }],
  ["down", "027bea", { name: "LinkCheckAns", marginDb: 123, gwCnt: 234 }],
  [
    "down",
    "0312040045",
    { name: "LinkADRReq", dataRate: 1, txPower: 2, chMask: 1 << 2, chMaskCntl: 4, nbTrans: 5 },
  ],
  ["up", "0301", { name: "LinkADRAns", channelMaskAck: true, dataRateAck: false, powerAck: false }],
  ["up", "0302", { name: "LinkADRAns", channelMaskAck: false, dataRateAck: true, powerAck: false }],
  ["up", "0304", { name: "LinkADRAns", channelMaskAck: false, dataRateAck: false, powerAck: true }],
  [
    "down",
    "053b010204",
    { name: "RXParamSetupReq", rx1DrOffset: 3, rx2DataRate: 11, frequencyHz: 26_265_700 },
  ],
  [
    "up",
    "0501",
    { name: "RXParamSetupAns", channelAck: true, rx2DataRateAck: false, rx1DrOffsetAck: false },
  ],
  [
    "up",
    "0502",
    { name: "RXParamSetupAns", channelAck: false, rx2DataRateAck: true, rx1DrOffsetAck: false },
  ],
  [
    "up",
    "0504",
    { name: "RXParamSetupAns", channelAck: false, rx2DataRateAck: false, rx1DrOffsetAck: true },
  ],
  ["up", "060022", { name: "DevStatusAns", battery: 0, marginDb: -30 }],
  ["up", "06ff1e", { name: "DevStatusAns", battery: 255, marginDb: 30 }],
  ["up", "067f3f", { name: "DevStatusAns", battery: 127, marginDb: -1 }],
  ["up", "067f00", { name: "DevStatusAns", battery: 127, marginDb: 0 }],
  [
    "down",
    "07030102045a",
    { name: "NewChannelReq", chIndex: 3, frequencyHz: 26_265_700, maxDr: 5, minDr: 10 },
  ],
  ["up", "0701", { name: "NewChannelAns", channelFrequencyOk: true, dataRateRangeOk: false }],
  ["down", "0a00287684", { name: "DlChannelReq", chIndex: 0, frequencyHz: 868_100_000 }],
  ["down", "0a01107a84", { name: "DlChannelReq", chIndex: 1, frequencyHz: 868_200_000 }],
  ["up", "0a01", { name: "DlChannelAns", channelFrequencyOk: true, uplinkFrequencyExists: false }],
  ["up", "0a02", { name: "DlChannelAns", channelFrequencyOk: false, uplinkFrequencyExists: true }],
  ["up", "1003", { name: "PingSlotInfoReq", periodicity: 3 }],
  ["down", "13287684", { name: "BeaconFreqReq", frequencyHz: 868_100_000 }],
  ["up", "1300", { name: "BeaconFreqAns", beaconFrequencyOk: false }],
  ["down", "1128768405", { name: "PingSlotChannelReq", frequencyHz: 868_100_000, dataRate: 5 }],
  ["up", "1101", { name: "PingSlotChannelAns", channelFrequencyOk: true, dataRateOk: false }],
  ["down", "0d0100000002", { name: "DeviceTimeAns", secondsSinceGpsEpoch: 1, fractionalSecond: 2 }],
  ["down", "0caf", { name: "ADRParamSetupReq", limitExp: 10, delayExp: 15 }],
  [
    "down",
    "0e251c",
    { name: "ForceRejoinReq", period: 3, maxRetries: 4, rejoinType: 2, dataRate: 5 },
  ],
  ["down", "0fef", { name: "RejoinParamSetupReq", maxTimeN: 14, maxCountN: 15 }],
];

/** Written out from the text, where both suites have no value or a wrong one. */
const fromTheText: readonly Row[] = [
  // LoRaWAN 1.1 §5.7: "DrRange = 0x50 means that DR0 to DR5 are supported".
  [
    "down",
    "0703184f8450",
    { name: "NewChannelReq", chIndex: 3, frequencyHz: 867_100_000, maxDr: 5, minDr: 0 },
  ],
  // §5.12: Friday 12 February 2016, 14:24:31 UTC is GPS second 1139322288.
  [
    "down",
    "0db0ade84300",
    { name: "DeviceTimeAns", secondsSinceGpsEpoch: 1_139_322_288, fractionalSecond: 0 },
  ],
  // §5.6: a signed integer of 6 bits. lorawan-stack has 0x2f for -16, which is no two's complement;
  // LoRaMac-node (`snr & 0x3F` in LoRaMac.c) and brocaar/lorawan send two's complement.
  ["up", "064230", { name: "DevStatusAns", battery: 0x42, marginDb: -16 }],
  ["up", "060120", { name: "DevStatusAns", battery: 1, marginDb: -32 }],
];

const suites = {
  "lorawan-stack": lorawanStack,
  "brocaar/lorawan": brocaarLorawan,
  "the text": fromTheText,
};

for (const [source, rows] of Object.entries(suites)) {
  suite(`values of ${source}`, () => {
    for (const [direction, hex, command] of rows) {
      test(`${command.name} ${hex}`, () => {
        assert.equal(formatHex(encodeMacCommands([command])), hex);
        const decoded = decodeMacCommands(direction, parseHex(hex));
        assert.deepEqual(decoded, { commands: [command], rest: new Uint8Array(), end: "complete" });
      });
    }
  });
}

test("every standard command has a published value", () => {
  const published = new Set(
    [...lorawanStack, ...brocaarLorawan].map(([direction, , { name }]) => `${direction} ${name}`),
  );
  assert.equal(published.size, 19 + 20);
});
