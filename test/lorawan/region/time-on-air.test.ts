import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { timeOnAirMs } from "../../../src/lorawan/region/time-on-air.ts";

// The table of the project's notes on the paper, section 7: equal to LoRaMac-node
// SX1276GetLoRaTimeOnAirNumerator and to ns-3 lora-phy.cc. Uplinks at 125 kHz, SF7 to SF12, in ms.
const table: Readonly<Record<number, readonly number[]>> = {
  13: [46.3, 82.4, 164.9, 288.8, 577.5, 1155.1],
  17: [51.5, 92.7, 164.9, 329.7, 659.5, 1318.9],
  23: [61.7, 113.2, 205.8, 370.7, 823.3, 1482.8],
  24: [61.7, 113.2, 205.8, 370.7, 823.3, 1482.8],
  33: [71.9, 133.6, 246.8, 452.6, 987.1, 1810.4],
  55: [107.8, 195.1, 349.2, 657.4, 1396.7, 2465.8],
  64: [118.0, 215.6, 390.1, 698.4, 1560.6, 2793.5],
};

suite("time on air", () => {
  for (const [length, times] of Object.entries(table)) {
    test(`of ${length} bytes`, () => {
      for (const [offset, expected] of times.entries()) {
        const actual = timeOnAirMs({
          spreadingFactor: 7 + offset,
          bandwidthHz: 125_000,
          phyPayloadLengthBytes: Number(length),
        });
        assert.ok(Math.abs(actual - expected) <= 0.0501, `SF${7 + offset}: ${actual}`);
      }
    });
  }

  // What Semtech's "SX1261 LoRa Calculator" shows, as the tests of micropython-lib's LoRa driver have it:
  // spreading factor, kHz, coding rate, symbols of preamble, octets, header, CRC, ms.
  const calculated = [
    [12, 500, 1, 8, 1, true, true, 206.848],
    [12, 500, 1, 12, 64, true, true, 649.216],
    [12, 500, 1, 8, 1, true, false, 165.888],
    [12, 500, 1, 8, 192, true, true, 1476.608],
    [12, 500, 1, 12, 16, false, false, 280.576],
    [8, 125, 2, 8, 2, true, true, 53.76],
    [8, 125, 2, 8, 3, true, true, 66.048],
    [8, 125, 2, 8, 3, true, false, 53.76],
    [8, 125, 2, 8, 253, true, false, 827.904],
    [8, 125, 2, 12, 253, false, true, 823.808],
  ] as const;

  test("is what Semtech's calculator shows", () => {
    for (const [spreadingFactor, kHz, codingRate, preambleSymbols, octets, ...rest] of calculated) {
      const [hasExplicitHeader, hasCrc, expected] = rest;
      const actual = timeOnAirMs({
        spreadingFactor,
        bandwidthHz: 1_000 * kHz,
        phyPayloadLengthBytes: octets,
        codingRate,
        preambleSymbols,
        hasExplicitHeader,
        hasCrc,
      });
      assert.ok(Math.abs(actual - expected) < 1e-6, `SF${spreadingFactor}, ${octets}: ${actual}`);
    }
  });

  test("of 24 octets with FPort is what The Things Network's spreadsheet shows", () => {
    const shown = [82.176, 143.872, 267.264, 493.568, 1069.056, 1974.272];
    const actual = shown.map((_, index) =>
      timeOnAirMs({
        spreadingFactor: 7 + index,
        bandwidthHz: 125_000,
        phyPayloadLengthBytes: 24 + 13,
      }),
    );
    assert.deepEqual(
      actual.map((ms) => Number(ms.toFixed(3))),
      shown,
    );
  });

  test("of a beacon-like frame: no header, no CRC, 4/8, 10 symbols of preamble", () => {
    // (8·23 - 4·9 + 28 - 20) / 36 = 4.33, so 5 blocks of 8 symbols: (10 + 4.25 + 48) · 4.096 ms
    const actual = timeOnAirMs({
      spreadingFactor: 9,
      bandwidthHz: 125_000,
      phyPayloadLengthBytes: 23,
      hasCrc: false,
      codingRate: 4,
      preambleSymbols: 10,
      hasExplicitHeader: false,
    });
    assert.ok(Math.abs(actual - 62.25 * 4.096) < 1e-9);
  });

  test("of a downlink leaves out the CRC", () => {
    // 17 bytes, SF7: (136 - 28 + 28) / 28 = 4.86, so 5 blocks; with the CRC 152 / 28 makes 6.
    const downlink = { spreadingFactor: 7, bandwidthHz: 125_000, phyPayloadLengthBytes: 17 };
    const symbolMs = 1.024;
    assert.ok(Math.abs(timeOnAirMs({ ...downlink, hasCrc: false }) - 45.25 * symbolMs) < 1e-9);
    assert.ok(Math.abs(timeOnAirMs(downlink) - 50.25 * symbolMs) < 1e-9);
  });

  test("halves when the bandwidth doubles, optimization aside", () => {
    const frame = { spreadingFactor: 7, phyPayloadLengthBytes: 20 };
    const narrow = timeOnAirMs({ ...frame, bandwidthHz: 125_000 });
    assert.ok(Math.abs(narrow - 2 * timeOnAirMs({ ...frame, bandwidthHz: 250_000 })) < 1e-9);
  });

  test("of an empty frame has at least eight payload symbols", () => {
    // 0 - 4·12 + 28 + 16 - 20 bits are less than none, so there is no block beyond the fixed 8 symbols.
    const actual = timeOnAirMs({
      spreadingFactor: 12,
      bandwidthHz: 500_000,
      phyPayloadLengthBytes: 0,
      hasExplicitHeader: false,
    });
    assert.ok(Math.abs(actual - 20.25 * 8.192) < 1e-9);
  });
});
