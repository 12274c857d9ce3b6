import { type Channel, channelGrid, lora, type Region } from "./region.ts";

const channels: readonly Channel[] = channelGrid(
  { index: 0, frequencyHz: 868_100_000, minDr: 0, maxDr: 5 },
  3,
  200_000,
);

/**
 * Europe, 863 to 870 MHz. Numbers as in LoRaMac-node `RegionEU868.h` and in the band tables of
 * brocaar/lorawan and lorawan-stack (Regional Parameters RP001-1.1 revision B), which agree.
 */
export const eu868: Region = {
  name: "EU868",
  dataRates: [
    lora(0, "SF12BW125", 51, "both"),
    lora(1, "SF11BW125", 51, "both"),
    lora(2, "SF10BW125", 51, "both"),
    lora(3, "SF9BW125", 115, "both"),
    lora(4, "SF8BW125", 242, "both"),
    lora(5, "SF7BW125", 242, "both"),
    lora(6, "SF7BW250", 242, "both"),
    {
      index: 7,
      modulation: "FSK",
      name: "FSK50000",
      bitRate: 50_000,
      isUplink: true,
      isDownlink: true,
      maxPayloadLengthBytes: 242,
    },
  ],
  channels,
  joinChannels: channels,
  rx1DataRates: [
    [0, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0],
    [2, 1, 0, 0, 0, 0],
    [3, 2, 1, 0, 0, 0],
    [4, 3, 2, 1, 0, 0],
    [5, 4, 3, 2, 1, 0],
    [6, 5, 4, 3, 2, 1],
    [7, 6, 5, 4, 3, 2],
  ],
  rx2: { frequencyHz: 869_525_000, dataRate: 0 },
  receiveDelay1Ms: 1000,
  receiveDelay2Ms: 2000,
  joinAcceptDelay1Ms: 5000,
  joinAcceptDelay2Ms: 6000,
  txPowerCount: 8,
  downlinkPowers: [
    // The sub-band of RX2 may use 500 mW, the others 25 mW.
    { fromHz: 869_400_000, toHz: 869_650_000, powerDbm: 27 },
    { fromHz: 0, toHz: Number.POSITIVE_INFINITY, powerDbm: 14 },
  ],
  defaultCfList: {
    type: "frequencies",
    frequenciesHz: [867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000],
  },
  maxChannels: 16,
};
