import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { WarrenError } from "../../../src/errors.ts";
import {
  channelIndexOf,
  rx1DataRate,
  rx1FrequencyHz,
} from "../../../src/lorawan/region/channels.ts";
import {
  dataRateByIndex,
  dataRateIndexOf,
  downlinkPowerDbm,
  maxPayloadLengthBytes,
} from "../../../src/lorawan/region/data-rates.ts";
import { eu868 } from "../../../src/lorawan/region/eu868.ts";
import { regionByName, regions } from "../../../src/lorawan/region/regions.ts";
import { us915 } from "../../../src/lorawan/region/us915.ts";

function refused(run: () => unknown): void {
  assert.throws(
    run,
    (error) => error instanceof WarrenError && error.code === "value-out-of-range",
  );
}

suite("regions", () => {
  test("are found by name", () => {
    assert.equal(regionByName("EU868"), eu868);
    assert.equal(regionByName("US915"), us915);
  });

  test("of another name are refused", () => {
    assert.throws(() => regionByName("eu868"), { message: /one of EU868, US915, not eu868/ });
    refused(() => regionByName(""));
  });

  for (const region of regions) {
    test(`${region.name}: data is consistent`, () => {
      for (const [position, channel] of region.channels.entries()) {
        assert.equal(channel.index, position);
        for (let dr = channel.minDr; dr <= channel.maxDr; dr++) {
          assert.ok(dataRateByIndex(region, dr).isUplink);
        }
      }
      assert.deepEqual(
        region.joinChannels.map(({ index, frequencyHz }) => ({ index, frequencyHz })),
        region.channels.map(({ index, frequencyHz }) => ({ index, frequencyHz })),
      );
      for (const dataRate of region.rx1DataRates.flat()) {
        assert.ok(dataRateByIndex(region, dataRate).isDownlink);
      }
      assert.ok(dataRateByIndex(region, region.rx2.dataRate).isDownlink);
      assert.equal(region.receiveDelay2Ms, region.receiveDelay1Ms + 1000);
      assert.equal(region.joinAcceptDelay2Ms, region.joinAcceptDelay1Ms + 1000);
    });

    test(`${region.name}: names and indices of data rates agree`, () => {
      for (const dataRate of region.dataRates) {
        const datr = dataRate.modulation === "LORA" ? dataRate.name : dataRate.bitRate;
        const direction = dataRate.isUplink ? "up" : "down";
        assert.equal(dataRateIndexOf(region, datr, direction), dataRate.index);
      }
    });

    test(`${region.name}: delays are those of LoRaMac-node`, () => {
      assert.equal(region.receiveDelay1Ms, 1000);
      assert.equal(region.joinAcceptDelay1Ms, 5000);
      assert.equal(region.joinAcceptDelay2Ms, 6000);
    });
  }
});

// Values from LoRaMac-node src/mac/region/RegionEU868.h, RegionUS915.h at dcbcfb3.
suite("EU868", () => {
  test("has three default channels with DR0 to DR5", () => {
    assert.deepEqual(eu868.channels, [
      { index: 0, frequencyHz: 868_100_000, minDr: 0, maxDr: 5 },
      { index: 1, frequencyHz: 868_300_000, minDr: 0, maxDr: 5 },
      { index: 2, frequencyHz: 868_500_000, minDr: 0, maxDr: 5 },
    ]);
  });

  test("finds channels by frequency, the extra ones too", () => {
    const extra = [{ index: 3, frequencyHz: 867_100_000, minDr: 0, maxDr: 5 }];
    assert.equal(channelIndexOf(eu868, 868_300_000), 1);
    assert.equal(channelIndexOf(eu868, 867_100_000), undefined);
    assert.equal(channelIndexOf(eu868, 867_100_000, extra), 3);
  });

  const names = [
    "SF12BW125",
    "SF11BW125",
    "SF10BW125",
    "SF9BW125",
    "SF8BW125",
    "SF7BW125",
    "SF7BW250",
  ];
  for (const [index, name] of names.entries()) {
    test(`DR${index} is ${name} both ways`, () => {
      assert.equal(dataRateIndexOf(eu868, name, "up"), index);
      assert.equal(dataRateIndexOf(eu868, name, "down"), index);
      const { modulation, ...dataRate } = dataRateByIndex(eu868, index);
      assert.equal(modulation, "LORA");
      assert.equal(dataRate.name, name);
    });
  }

  test("DR7 is FSK with 50 kbit/s", () => {
    assert.equal(dataRateIndexOf(eu868, 50_000, "up"), 7);
    assert.equal(dataRateIndexOf(eu868, "50000", "up"), undefined);
  });

  test("DR0 in figures", () => {
    assert.deepEqual(dataRateByIndex(eu868, 0), {
      modulation: "LORA",
      name: "SF12BW125",
      spreadingFactor: 12,
      bandwidthHz: 125_000,
      index: 0,
      isUplink: true,
      isDownlink: true,
      maxPayloadLengthBytes: 51,
    });
  });

  test("has no DR8 and no SF6", () => {
    refused(() => dataRateByIndex(eu868, 8));
    assert.equal(dataRateIndexOf(eu868, "SF6BW125", "up"), undefined);
  });

  test("limits payloads", () => {
    const limits = eu868.dataRates.map(({ index }) => maxPayloadLengthBytes(eu868, index));
    assert.deepEqual(limits, [51, 51, 51, 115, 242, 242, 242, 242]);
    refused(() => maxPayloadLengthBytes(eu868, 15));
  });

  test("opens RX1 on the frequency of the uplink", () => {
    assert.equal(rx1FrequencyHz(eu868, 868_300_000), 868_300_000);
    assert.equal(rx1FrequencyHz(eu868, 867_100_000), 867_100_000);
  });

  test("lowers the data rate of RX1 by the offset down to DR0", () => {
    for (let uplink = 0; uplink <= 7; uplink++) {
      for (let offset = 0; offset <= 5; offset++) {
        assert.equal(rx1DataRate(eu868, uplink, offset), Math.max(uplink - offset, 0));
      }
    }
    refused(() => rx1DataRate(eu868, 0, 6));
    refused(() => rx1DataRate(eu868, 8, 0));
  });

  test("opens RX2 on 869.525 MHz with DR0", () => {
    assert.deepEqual(eu868.rx2, { frequencyHz: 869_525_000, dataRate: 0 });
  });

  test("lets gateways send louder in the sub-band of RX2 only", () => {
    assert.equal(downlinkPowerDbm(eu868, 868_100_000), 14);
    assert.equal(downlinkPowerDbm(eu868, 869_525_000), 27);
    assert.equal(downlinkPowerDbm(eu868, 869_399_999), 14);
    assert.equal(downlinkPowerDbm(eu868, 869_400_000), 27);
    assert.equal(downlinkPowerDbm(eu868, 869_650_000), 14);
  });
});

suite("US915", () => {
  test("has 64 narrow channels and 8 wide ones", () => {
    assert.equal(us915.channels.length, 72);
    const expected: readonly (readonly [number, number])[] = [
      [0, 902_300_000],
      [1, 902_500_000],
      [8, 903_900_000],
      [63, 914_900_000],
      [64, 903_000_000],
      [65, 904_600_000],
      [71, 914_200_000],
    ];
    for (const [index, frequencyHz] of expected) {
      assert.equal(channelIndexOf(us915, frequencyHz), index);
    }
    assert.equal(channelIndexOf(us915, 902_400_000), undefined);
  });

  test("joins with DR0 on narrow channels and DR4 on wide ones", () => {
    for (const { index, minDr, maxDr } of us915.joinChannels) {
      assert.deepEqual([minDr, maxDr], index < 64 ? [0, 0] : [4, 4]);
    }
    assert.deepEqual([us915.channels[0]?.minDr, us915.channels[0]?.maxDr], [0, 3]);
    assert.deepEqual([us915.channels[64]?.minDr, us915.channels[64]?.maxDr], [4, 4]);
  });

  const rows: readonly (readonly [number, string, "up" | "down", number])[] = [
    [0, "SF10BW125", "up", 11],
    [1, "SF9BW125", "up", 53],
    [2, "SF8BW125", "up", 125],
    [3, "SF7BW125", "up", 242],
    [4, "SF8BW500", "up", 242],
    [8, "SF12BW500", "down", 53],
    [9, "SF11BW500", "down", 129],
    [10, "SF10BW500", "down", 242],
    [11, "SF9BW500", "down", 242],
    [12, "SF8BW500", "down", 242],
    [13, "SF7BW500", "down", 242],
  ];
  for (const [index, name, direction, limit] of rows) {
    test(`DR${index} is ${name} ${direction}, with ${limit} bytes`, () => {
      assert.equal(dataRateIndexOf(us915, name, direction), index);
      assert.equal(maxPayloadLengthBytes(us915, index), limit);
    });
  }

  test("has SF8BW500 twice, and narrow data rates one way", () => {
    assert.equal(dataRateIndexOf(us915, "SF8BW500", "up"), 4);
    assert.equal(dataRateIndexOf(us915, "SF8BW500", "down"), 12);
    assert.equal(dataRateIndexOf(us915, "SF10BW125", "down"), undefined);
    assert.equal(dataRateIndexOf(us915, 50_000, "up"), undefined);
    refused(() => dataRateByIndex(us915, 7));
  });

  test("opens RX1 on the uplink channel modulo 8", () => {
    assert.equal(rx1FrequencyHz(us915, 902_300_000), 923_300_000);
    assert.equal(rx1FrequencyHz(us915, 903_700_000), 927_500_000);
    assert.equal(rx1FrequencyHz(us915, 903_900_000), 923_300_000);
    assert.equal(rx1FrequencyHz(us915, 904_600_000), 923_900_000);
    refused(() => rx1FrequencyHz(us915, 868_100_000));
  });

  test("maps the data rate of RX1", () => {
    assert.equal(rx1DataRate(us915, 0, 0), 10);
    assert.equal(rx1DataRate(us915, 0, 3), 8);
    assert.equal(rx1DataRate(us915, 3, 0), 13);
    assert.equal(rx1DataRate(us915, 4, 1), 13);
    assert.equal(rx1DataRate(us915, 4, 3), 11);
    refused(() => rx1DataRate(us915, 4, 4));
    refused(() => rx1DataRate(us915, 5, 0));
  });

  test("opens RX2 on 923.3 MHz with DR8", () => {
    assert.deepEqual(us915.rx2, { frequencyHz: 923_300_000, dataRate: 8 });
  });

  test("has powers", () => {
    assert.equal(downlinkPowerDbm(us915, 923_300_000), 20);
  });
});
