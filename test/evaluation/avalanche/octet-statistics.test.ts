import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  largestCoinDeviation,
  largestNormalDeviation,
} from "../../../src/evaluation/avalanche/flips/largest-deviation.ts";
import { octetChiSquare } from "../../../src/evaluation/avalanche/streams/octet-chi-square.ts";
import { serialCorrelation } from "../../../src/evaluation/avalanche/streams/serial-correlation.ts";
import { measureStream } from "../../../src/evaluation/avalanche/streams/stream-statistics.ts";
import type { KeyStreamSource } from "../../../src/evaluation/key-streams/key-stream.ts";
import { SeededRandom } from "../../../src/evaluation/random/seeded-random.ts";

/** The statistics of keys of 16 octets, two a row. */
function statisticsOf(next: () => Uint8Array, rows: number) {
  const source: KeyStreamSource = {
    id: "made-up",
    label: "made up",
    kind: "control",
    description: "",
    open: () => ({ next }),
  };
  return measureStream(source, rows, { seed: "", breathe: async () => undefined });
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

describe("the serial correlation", () => {
  // What `ent` 1.2 prints of the same octets.
  it("is that of ent", () => {
    const text = bytes("LoRaWAN root key update");
    assert.equal(serialCorrelation(text).toFixed(6), "-0.208993");
    const counting = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
    assert.equal(serialCorrelation(counting).toFixed(6), "0.976292");
    const lcg = new Uint8Array(5000);
    for (let index = 0, state = 1; index < lcg.length; index++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      lcg[index] = state >>> 16;
    }
    assert.equal(serialCorrelation(lcg).toFixed(6), "0.009455");
  });

  it("is that of the definition: the correlation with the sequence turned by one", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 60 }), (octets) => {
        fc.pre(new Set(octets).size > 1);
        const mean = octets.reduce((sum, octet) => sum + octet, 0) / octets.length;
        let covariance = 0;
        let variance = 0;
        octets.forEach((octet, index) => {
          covariance += (octet - mean) * ((octets.at(index - 1) as number) - mean);
          variance += (octet - mean) ** 2;
        });
        assert.ok(Math.abs(serialCorrelation(octets) - covariance / variance) < 1e-9);
      }),
    );
  });
});

describe("the chi-square of an octet", () => {
  it("is 0 for equal frequencies and grows with one value too many", () => {
    const even = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    assert.equal(octetChiSquare(even, 0, 1).chiSquare, 0);
    const uneven = even.slice();
    uneven[0] = 1;
    // Expected are 2 each: 1 of value 0 and 3 of value 1.
    assert.equal(octetChiSquare(uneven, 0, 1).chiSquare, 1);
  });

  it("looks at its position alone", () => {
    const rows = Uint8Array.from({ length: 3 * 256 }, (_, index) =>
      index % 3 === 1 ? 9 : index / 3,
    );
    assert.equal(octetChiSquare(rows, 1, 3).chiSquare, 256 * 255);
    assert.equal(octetChiSquare(rows, 0, 3).chiSquare, 0);
  });

  it("has the p-value of tables: 293.25 is exceeded with probability 0.05", () => {
    const octets = Uint8Array.from({ length: 2560 }, (_, index) => index % 256);
    // Ten of each value; so many of every even value moved to the odd one behind it.
    const moves = [...new Array<number>(22).fill(8), 7, 3];
    for (const [pair, moved] of moves.entries()) {
      for (let count = 0; count < moved; count++) octets[octets.indexOf(2 * pair)] = 2 * pair + 1;
    }
    const { chiSquare, pValue } = octetChiSquare(octets, 0, 1);
    assert.ok(Math.abs(chiSquare - 293.2) < 1e-9);
    assert.ok(Math.abs(pValue - 0.05) < 0.0005, `${pValue}`);
  });
});

describe("the statistics of a stream", () => {
  it("give random octets a serial correlation of one standard deviation and even p-values", async () => {
    const random = new SeededRandom("test", "streams");
    const streams = [];
    for (let index = 0; index < 100; index++) {
      streams.push(await statisticsOf(() => random.bytes(16), 128));
    }
    const square =
      streams.reduce((sum, { serialDeviation }) => sum + serialDeviation ** 2, 0) / 100;
    // Five standard errors, sqrt(2 / 100) each.
    assert.ok(Math.abs(square - 1) < 0.71, `${square}`);
    const low = streams.filter(({ serialPValue }) => serialPValue < 0.5).length;
    assert.ok(Math.abs(low - 50) < 25, `${low}`);
  });

  it("find octets that are too even, and neighbours that are related", async () => {
    let count = 0;
    // The same octet in both keys of a row, so that each position has every value equally often.
    const even = await statisticsOf(() => new Uint8Array(16).fill((count++ >> 1) & 0xff), 512);
    assert.ok(even.positions.every(({ chiSquare }) => chiSquare === 0));
    assert.equal(even.positionsPValue, 0);
    assert.ok(even.serialCorrelation > 0.9);
    assert.ok(even.serialPValue < 1e-9);
  });
});

describe("the largest of many deviations", () => {
  it("of coins is that of the exact binomial distribution", () => {
    // One count of 4 tosses: 0 or 4 heads have probability 1/8 together.
    assert.ok(Math.abs(largestCoinDeviation(2, 4, 1).pValue - 1 / 8) < 1e-12);
    assert.ok(Math.abs(largestCoinDeviation(2, 4, 3).pValue - (1 - (7 / 8) ** 3)) < 1e-12);
    assert.equal(largestCoinDeviation(0, 4, 3).pValue, 1);
    assert.equal(largestCoinDeviation(2, 4, 3).largest, 2);
    // Of 3 counts the farthest is 1 off or more with 1 - (3/8)^3, 2 off with less than one half.
    assert.equal(largestCoinDeviation(2, 4, 3).expected, 1);
  });

  it("of normal values is that of the error function", () => {
    const single = largestNormalDeviation(1.959964, 1);
    assert.ok(Math.abs(single.pValue - 0.05) < 1e-6);
    assert.ok(Math.abs(single.expected - 0.6744898) < 1e-6);
    assert.ok(Math.abs(largestNormalDeviation(1.959964, 2).pValue - 0.0975) < 1e-6);
  });
});
