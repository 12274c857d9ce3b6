import { type Channel, channelGrid, lora, type Region } from "./region.ts";

const firstNarrow: Channel = { index: 0, frequencyHz: 902_300_000, minDr: 0, maxDr: 3 };
const firstWide: Channel = { index: 64, frequencyHz: 903_000_000, minDr: 4, maxDr: 4 };
const narrowStepHz = 200_000;
const wideStepHz = 1_600_000;

const downlinkChannels = channelGrid(
  { index: 0, frequencyHz: 923_300_000, minDr: 8, maxDr: 13 },
  8,
  600_000,
);

/**
 * United States, 902 to 928 MHz: 64 channels of 125 kHz, 8 of 500 kHz and 8 for downlinks. Numbers as
 * in LoRaMac-node `RegionUS915.h` and in the band tables of brocaar/lorawan and lorawan-stack
 * (Regional Parameters RP001-1.1 revision B), which agree.
 *
 * Before Regional Parameters 1.0.3 and 1.1 a device of this region ignored the CFList.
 */
export const us915: Region = {
  name: "US915",
  dataRates: [
    lora(0, "SF10BW125", 11, "uplink"),
    lora(1, "SF9BW125", 53, "uplink"),
    lora(2, "SF8BW125", 125, "uplink"),
    lora(3, "SF7BW125", 242, "uplink"),
    lora(4, "SF8BW500", 242, "uplink"),
    lora(8, "SF12BW500", 53, "downlink"),
    lora(9, "SF11BW500", 129, "downlink"),
    lora(10, "SF10BW500", 242, "downlink"),
    lora(11, "SF9BW500", 242, "downlink"),
    lora(12, "SF8BW500", 242, "downlink"),
    lora(13, "SF7BW500", 242, "downlink"),
  ],
  channels: [
    ...channelGrid(firstNarrow, 64, narrowStepHz),
    ...channelGrid(firstWide, 8, wideStepHz),
  ],
  joinChannels: [
    ...channelGrid({ ...firstNarrow, maxDr: 0 }, 64, narrowStepHz),
    ...channelGrid(firstWide, 8, wideStepHz),
  ],
  rx1FrequenciesHz: downlinkChannels.map(({ frequencyHz }) => frequencyHz),
  rx1DataRates: [
    [10, 9, 8, 8],
    [11, 10, 9, 8],
    [12, 11, 10, 9],
    [13, 12, 11, 10],
    [13, 13, 12, 11],
  ],
  rx2: { frequencyHz: 923_300_000, dataRate: 8 },
  receiveDelay1Ms: 1000,
  receiveDelay2Ms: 2000,
  joinAcceptDelay1Ms: 5000,
  joinAcceptDelay2Ms: 6000,
  txPowerCount: 15,
  downlinkPowers: [{ fromHz: 0, toHz: Number.POSITIVE_INFINITY, powerDbm: 20 }],
  defaultCfList: {
    type: "channel-mask",
    channels: Array.from({ length: 72 }, (_, index) => index),
  },
  maxChannels: 72,
};
