import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { regionByName, regions } from "../../../src/lorawan/region/regions.ts";
import {
  type CarriedLink,
  type FlowMessage,
  flowExchanges,
  joinExchanges,
  rejoinExchanges,
} from "../../../src/root-key/cost/flow-exchanges.ts";
import { energyByContentMj, exchangesCost } from "../../../src/root-key/cost/update-cost.ts";

const link: CarriedLink = {
  region: regionByName("EU868"),
  dataRate: 5,
  isLorawan11: false,
  carrier: "application-port",
};

/** `d8 u3`: 8 octets down, then 3 up. */
function messages(notation: string): FlowMessage[] {
  return notation.split(" ").map((message) => ({
    content: message.startsWith("d") ? "request" : "proof",
    direction: message.startsWith("d") ? "down" : "up",
    lengthBytes: Number(message.slice(1)),
  }));
}

/**
 * Radio energy of a flow and its join in mJ at SF7, SF9, SF10 and SF12 of EU868, worked out apart from this
 * code (3.3 V, 45 mA, 4.6 mA) and rounded to the digits given. EDHOC has the sizes of RFC 9528 and a
 * confirmation.
 */
const FLOWS: Readonly<Record<string, readonly string[]>> = {
  "d8 u3 u10 d8": ["35.7", "120", "221", "883"],
  "d11 u11 d10": ["28.0", "95", "171", "684"],
  "d11 u11 d7": ["27.9", "95", "170", "682"],
  "d43 u42 d10": ["35.6", "119", "217", "845"],
  "u37 d45 u19 d10": ["37.9", "128", "236", "921"],
};

describe("the energy of a flow of messages", () => {
  for (const [notation, expected] of Object.entries(FLOWS)) {
    it(`of ${notation} is ${expected.join(", ")} mJ`, () => {
      const energies = [5, 3, 2, 0].map((dataRate, index) => {
        const exchanges = [
          ...flowExchanges({ ...link, dataRate }, messages(notation)),
          ...joinExchanges({ ...link, dataRate }),
        ];
        return exchangesCost(exchanges).energyMj.toFixed(index === 0 ? 1 : 0);
      });
      assert.deepEqual(energies, expected);
    });
  }

  it("is 31.5 and 775 mJ with 44 and 11.2 mA, 17.1 and 419 with 25.5 and 4.6", () => {
    const energies = ([44, 25.5] as const).map((transmitMa) =>
      [5, 0].map((dataRate) => {
        const currents = { voltageV: 3.3, transmitMa, receiveMa: transmitMa === 44 ? 11.2 : 4.6 };
        const ofRate = { ...link, dataRate };
        const exchanges = [
          ...flowExchanges(ofRate, messages("d11 u11 d10")),
          ...joinExchanges(ofRate),
        ];
        return exchangesCost(exchanges, { currents }).energyMj.toPrecision(3);
      }),
    );
    assert.deepEqual(energies, [
      ["31.5", "775"],
      ["17.1", "419"],
    ]);
  });

  it("is 10.3, 34, 62 and 248 mJ for a join alone", () => {
    const energies = [5, 3, 2, 0].map((dataRate, index) =>
      exchangesCost(joinExchanges({ ...link, dataRate })).energyMj.toFixed(index === 0 ? 1 : 0),
    );
    assert.deepEqual(energies, ["10.3", "34", "62", "248"]);
  });

  it("goes as a whole into what the frames carry", () => {
    const aLink = fc.record({
      region: fc.constantFrom(...regions),
      dataRate: fc.integer({ min: 0, max: 4 }),
      isLorawan11: fc.boolean(),
      carrier: fc.constantFrom("mac-commands" as const, "application-port" as const),
    });
    const someMessages = fc.array(fc.constantFrom(...messages("d8 u3 u10 d8 d43 u43 d7")));
    const aLoss = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(aLink, someMessages, aLoss, (anyLink, flow, loss) => {
        const exchanges = [...flowExchanges(anyLink, flow), ...rejoinExchanges(anyLink, 1)];
        const energies = [...energyByContentMj(exchanges, { loss }).values()];
        const total = energies.reduce((sum, energy) => sum + energy, 0);
        const { energyMj } = exchangesCost(exchanges, { loss });
        assert.ok(Math.abs(total - energyMj) < 1e-9 * energyMj, `${total}, not ${energyMj}`);
      }),
    );
  });
});

describe("the frames of a flow", () => {
  const contents = (notation: string) =>
    flowExchanges(link, messages(notation)).map(({ uplink, downlink }) => [
      uplink.content,
      downlink?.content,
    ]);

  it("have an empty uplink only where no message opens the windows", () => {
    assert.deepEqual(contents("d8 u3 u10 d8"), [
      ["opening", "request"],
      ["proof", undefined],
      ["proof", "request"],
    ]);
    assert.deepEqual(contents("u37 d45 u19 d10 d1"), [
      ["proof", "request"],
      ["proof", "request"],
      ["opening", "request"],
    ]);
  });

  it("are counted for every downlink fragment: the first needs no opening after a message", () => {
    const [first, ...rest] = flowExchanges(
      {
        ...link,
        region: {
          ...link.region,
          dataRates: link.region.dataRates.map((dataRate) => ({
            ...dataRate,
            maxPayloadLengthBytes: 11,
          })),
        },
      },
      messages("u1 d43"),
    );
    assert.deepEqual([first?.uplink.content, first?.downlink?.content], ["proof", "request"]);
    assert.deepEqual(
      rest.map(({ uplink, count }) => [uplink.content, count]),
      [["opening", 4]],
    );
  });

  it("of rejoins are 19 and 24 octets with a Join-accept, and confirm the session keys", () => {
    const lengths = ([0, 1, 2] as const).map((rejoinType) =>
      rejoinExchanges(link, rejoinType).map(({ uplink, downlink }) => [
        uplink.phyPayloadLengthBytes,
        downlink?.phyPayloadLengthBytes,
      ]),
    );
    assert.deepEqual(lengths, [
      [
        [19, 33],
        [14, 14],
      ],
      [
        [24, 33],
        [14, 14],
      ],
      [
        [19, 33],
        [14, 14],
      ],
    ]);
  });
});
