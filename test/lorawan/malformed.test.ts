import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { WarrenError } from "../../src/errors.ts";
import { decodeDataFrame, encodeDataFrame } from "../../src/lorawan/data/data-frame.ts";
import { explainFrame } from "../../src/lorawan/explain-frame.ts";
import { decodeCfList, encodeCfList } from "../../src/lorawan/join/cf-list.ts";
import { decodeJoinAccept, encodeJoinAccept } from "../../src/lorawan/join/join-accept.ts";
import { decodeJoinRequest, encodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import { decodeRejoinRequest, encodeRejoinRequest } from "../../src/lorawan/join/rejoin-request.ts";
import {
  bytes,
  dataFields,
  joinAccept,
  joinRequest,
  key,
  rejoinRequest,
} from "../support/lorawan-arbitraries.ts";

interface Codec {
  readonly name: string;
  readonly decode: (frame: Uint8Array) => unknown;
  /** Decodes and encodes again, the MIC as received. */
  readonly reencode: (frame: Uint8Array) => Uint8Array;
  /** Clears the bits that a receiver must ignore, which encoding writes as zero. */
  readonly canonical: (frame: Uint8Array) => Uint8Array;
  readonly valid: fc.Arbitrary<Uint8Array>;
}

const RFU_OF_MHDR = 0b00011100;
const [aesKey] = fc.sample(key, 1);

const CODECS: readonly Codec[] = [
  {
    name: "Join-request",
    decode: decodeJoinRequest,
    reencode: (frame) => withMicOf(frame, encodeJoinRequest(decodeJoinRequest(frame), aesKey!)),
    canonical: (frame) => cleared(frame, { 0: RFU_OF_MHDR }),
    valid: joinRequest.map((fields) => encodeJoinRequest(fields, aesKey!)),
  },
  {
    name: "Rejoin-request",
    decode: decodeRejoinRequest,
    reencode: (frame) => withMicOf(frame, encodeRejoinRequest(decodeRejoinRequest(frame), aesKey!)),
    canonical: (frame) => cleared(frame, { 0: RFU_OF_MHDR }),
    valid: rejoinRequest.map((fields) => encodeRejoinRequest(fields, aesKey!)),
  },
  {
    name: "Join-accept in clear",
    decode: decodeJoinAccept,
    reencode: (frame) =>
      new Uint8Array([...encodeJoinAccept(decodeJoinAccept(frame)), ...frame.slice(-4)]),
    canonical: (frame) => cleared(frame, { 0: RFU_OF_MHDR, 12: 0xf0 }),
    valid: joinAccept.map((fields) => new Uint8Array([...encodeJoinAccept(fields), 1, 2, 3, 4])),
  },
  {
    name: "data frame",
    decode: decodeDataFrame,
    reencode: (frame) => encodeDataFrame(decodeDataFrame(frame), () => frame.slice(-4)),
    canonical: (frame) =>
      cleared(frame, { 0: RFU_OF_MHDR, 5: decodeDataFrame(frame).isUplink ? 0 : 0x40 }),
    valid: dataFields.map((fields) => encodeDataFrame(fields, () => new Uint8Array(4))),
  },
  {
    name: "CFList",
    decode: decodeCfList,
    reencode: (frame) => encodeCfList(decodeCfList(frame)),
    canonical: (frame) =>
      frame[15] === 1 ? cleared(frame, { 12: 0xff, 13: 0xff, 14: 0xff }) : frame,
    valid: bytes(16),
  },
];

for (const codec of CODECS) {
  describe(`hostile bytes for the decoder of a ${codec.name}`, () => {
    it("random bytes throw a WarrenError or decode without losing any", () => {
      fc.assert(fc.property(bytes(0, 300), (frame) => expectErrorOrLossless(codec, frame)));
    });

    it("frames with flipped bits throw a WarrenError or decode without losing any", () => {
      const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 4,
      });
      fc.assert(
        fc.property(codec.valid, flips, (frame, positions) => {
          for (const [position, mask] of positions) {
            const index = position % frame.length;
            frame[index] = (frame[index] as number) ^ mask;
          }
          expectErrorOrLossless(codec, frame);
        }),
      );
    });

    it("truncated frames throw a WarrenError or decode without losing any", () => {
      fc.assert(
        fc.property(codec.valid, (frame) => {
          for (let lengthBytes = 0; lengthBytes < frame.length; lengthBytes++) {
            expectErrorOrLossless(codec, frame.slice(0, lengthBytes));
          }
        }),
        { numRuns: 30 },
      );
    });

    it("a Buffer decodes like a plain array and stays as it was", () => {
      fc.assert(
        fc.property(codec.valid, (frame) => {
          const buffer = Buffer.from(frame);
          assert.deepEqual(codec.decode(buffer), codec.decode(frame));
          assert.deepEqual(new Uint8Array(buffer), frame);
        }),
      );
    });

    it("extended frames throw a WarrenError or decode without losing any", () => {
      fc.assert(
        fc.property(codec.valid, bytes(1, 20), (frame, tail) => {
          expectErrorOrLossless(codec, new Uint8Array([...frame, ...tail]));
        }),
      );
    });
  });
}

describe("hostile bytes for explainFrame", () => {
  it("throw a WarrenError or are explained in JSON", () => {
    fc.assert(
      fc.property(bytes(0, 300), (frame) => {
        const explain = () => explainFrame(frame, { rootKey: aesKey!, session: SESSION });
        if (isAccepted(explain)) {
          assert.deepEqual(JSON.parse(JSON.stringify(explain())), explain());
        }
      }),
    );
  });
});

const SESSION = { version: "1.0", nwkSKey: aesKey!, appSKey: aesKey! } as const;

/** Only the decoder may refuse: what it has decoded must encode again. */
function expectErrorOrLossless(codec: Codec, frame: Uint8Array): void {
  if (isAccepted(() => codec.decode(frame))) {
    assert.deepEqual(codec.reencode(frame), codec.canonical(frame));
  }
}

function isAccepted(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (error) {
    if (!(error instanceof WarrenError)) {
      throw error;
    }
    return false;
  }
}

function withMicOf(frame: Uint8Array, reencoded: Uint8Array): Uint8Array {
  return new Uint8Array([...reencoded.slice(0, -4), ...frame.slice(-4)]);
}

function cleared(frame: Uint8Array, masks: Readonly<Record<number, number>>): Uint8Array {
  return frame.map((byte, index) => byte & ~(masks[index] ?? 0));
}
