import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { WarrenError } from "../../src/errors.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { decodeMacCommands } from "../../src/lorawan/mac-commands/mac-commands.ts";
import {
  ROOT_KEY_DOWNLINK_COMMANDS,
  ROOT_KEY_UPLINK_COMMANDS,
} from "../../src/root-key/mac-commands.ts";
import {
  decodeHealingKeyReadyReq,
  decodeHealingUpdateReq,
  decodeNewKeyReadyAns,
  decodeNewKeyReadyReq,
  decodeRootKeyDownlink,
  decodeRootKeyUpdateAns,
  decodeRootKeyUpdateReq,
  decodeRootKeyUplink,
  encodeHealingKeyReadyReq,
  encodeHealingUpdateReq,
  encodeNewKeyReadyAns,
  encodeNewKeyReadyReq,
  encodeRootKeyUpdateAns,
  encodeRootKeyUpdateReq,
  UpdateAnswerStatus,
} from "../../src/root-key/messages.ts";

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const updateId = fc.integer({ min: 0, max: 0xffff });
const hasCode = (code: string) => (error: unknown) =>
  error instanceof WarrenError && error.code === code;

const codecs = [
  {
    name: "RootKeyUpdateReq",
    example: "806b0c01d0879af4d5b84e",
    message: fc.record({ updateId, suite: fc.nat(255), jsNonce: octets(3), mic: octets(4) }),
    encode: encodeRootKeyUpdateReq,
    decode: decodeRootKeyUpdateReq,
    decodeAny: decodeRootKeyDownlink,
  },
  {
    name: "RootKeyUpdateAns",
    example: "806b0c02",
    message: fc.record({
      updateId,
      status: fc.constantFrom(...Object.values(UpdateAnswerStatus)),
    }),
    encode: encodeRootKeyUpdateAns,
    decode: decodeRootKeyUpdateAns,
    decodeAny: decodeRootKeyUplink,
  },
  {
    name: "NewKeyReadyReq",
    example: "816b0c0248edd2af639693",
    message: fc.record({ updateId, edNonce: octets(4), mic: octets(4) }),
    encode: encodeNewKeyReadyReq,
    decode: decodeNewKeyReadyReq,
    decodeAny: decodeRootKeyUplink,
  },
  {
    name: "NewKeyReadyAns",
    example: "816b0c9a4f4482",
    message: fc.record({ updateId, mic: octets(4) }),
    encode: encodeNewKeyReadyAns,
    decode: decodeNewKeyReadyAns,
    decodeAny: decodeRootKeyDownlink,
  },
  {
    name: "RootKeyUpdateReq",
    example: `836b0c81d0879a${"4a".repeat(32)}f4d5b84e`,
    message: fc.record({
      updateId,
      suite: fc.integer({ min: 0x80, max: 0xff }),
      jsNonce: octets(3),
      jsPublicKey: octets(32),
      mic: octets(4),
    }),
    encode: encodeHealingUpdateReq,
    decode: decodeHealingUpdateReq,
    decodeAny: decodeRootKeyDownlink,
  },
  {
    name: "NewKeyReadyReq",
    example: `836b0c48edd2af${"4b".repeat(32)}6396930f`,
    message: fc.record({
      updateId,
      edNonce: octets(4),
      edPublicKey: octets(32),
      mic: octets(4),
    }),
    encode: encodeHealingKeyReadyReq,
    decode: decodeHealingKeyReadyReq,
    decodeAny: decodeRootKeyUplink,
  },
];

for (const { name, example, message, encode, decode, decodeAny } of codecs) {
  describe(`${name} of ${example.length / 2} octets`, () => {
    it("decodes to what was encoded", () => {
      fc.assert(
        fc.property(message, (value) => {
          const encoded = encode(value as never);
          assert.deepEqual(decode(encoded), { ...value });
          assert.deepEqual(decodeAny(encoded), { command: name, ...value });
          assert.equal(encoded.length, example.length / 2);
        }),
      );
    });

    it("has its fields where the specification has them", () => {
      const decoded = decode(parseHex(example));
      assert.equal(decoded.updateId, 0x0c6b);
      assert.equal(formatHex(encode(decoded as never)), example);
    });

    it("refuses every other length and command identifier", () => {
      const bytes = parseHex(example);
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(() => decode(bytes.slice(0, length)), hasCode("frame-too-short"));
        assert.throws(() => decodeAny(bytes.slice(0, length)), WarrenError);
      }
      assert.throws(() => decode(Uint8Array.of(...bytes, 0)), hasCode("frame-too-long"));
      bytes[0] = 0x84;
      assert.throws(() => decode(bytes), hasCode("frame-malformed"));
      assert.throws(() => decodeAny(bytes), hasCode("frame-malformed"));
    });

    it("reads any octets or gives a reason", () => {
      const anything = fc.oneof(
        fc.uint8Array({ maxLength: 45 }),
        fc
          .tuple(fc.constantFrom(0x80, 0x81), fc.uint8Array({ maxLength: 12 }))
          .map(([cid, rest]) => Uint8Array.of(cid, ...rest)),
        fc
          .tuple(fc.constantFrom(0x82, 0x83), fc.uint8Array({ minLength: 9, maxLength: 43 }))
          .map(([cid, rest]) => Uint8Array.of(cid, ...rest)),
      );
      fc.assert(
        fc.property(anything, (bytes) => {
          for (const run of [decode, decodeAny]) {
            try {
              run(bytes);
            } catch (error) {
              assert.ok(error instanceof WarrenError && error.code.startsWith("frame-"));
            }
          }
        }),
      );
    });
  });
}

describe("encoding root key messages", () => {
  it("refuses fields of another size", () => {
    const mic = new Uint8Array(4);
    const jsNonce = new Uint8Array(3);
    for (const run of [
      () => encodeRootKeyUpdateReq({ updateId: 1, suite: 1, jsNonce: new Uint8Array(4), mic }),
      () => encodeRootKeyUpdateReq({ updateId: 1, suite: 1, jsNonce, mic: jsNonce }),
      () => encodeRootKeyUpdateReq({ updateId: 1, suite: 256, jsNonce, mic }),
      () => encodeNewKeyReadyReq({ updateId: 1, edNonce: jsNonce, mic }),
      () => encodeNewKeyReadyAns({ updateId: 0x1_0000, mic }),
    ]) {
      assert.throws(run, hasCode("value-out-of-range"));
    }
  });

  it("knows a healing request by the flag too", () => {
    const withoutFlag = `836b0c01d0879a${"4a".repeat(32)}f4d5b84e`;
    assert.throws(() => decodeHealingUpdateReq(parseHex(withoutFlag)), hasCode("frame-malformed"));
    const jsPublicKey = new Uint8Array(31);
    const mic = new Uint8Array(4);
    const jsNonce = new Uint8Array(3);
    assert.throws(
      () => encodeHealingUpdateReq({ updateId: 1, suite: 0x81, jsNonce, jsPublicKey, mic }),
      hasCode("value-out-of-range"),
    );
  });

  it("tells fragments apart by their identifier, in both directions", () => {
    const fragment = parseHex("82a1b5a601330f168652ac");
    for (const decode of [decodeRootKeyUplink, decodeRootKeyDownlink]) {
      const { command, ...rest } = decode(fragment);
      assert.equal(command, "RootKeyFragment");
      assert.deepEqual(rest, { updateIdBits: 5, index: 1, data: fragment.slice(2) });
    }
  });

  it("knows three statuses", () => {
    assert.throws(() => decodeRootKeyUpdateAns(parseHex("80010003")), hasCode("frame-malformed"));
  });
});

describe("the table of proprietary commands", () => {
  it("lets a MAC command decoder find its way through all of them", () => {
    const [req, ans, readyReq, readyAns, healingReq, healingReadyReq] = codecs.map(({ example }) =>
      parseHex(example),
    );
    const fragment = parseHex("82a1b5a601330f168652ac");
    for (const { direction, proprietary, messages } of [
      {
        direction: "up",
        proprietary: ROOT_KEY_UPLINK_COMMANDS,
        messages: [fragment, ans, healingReadyReq, readyReq],
      },
      {
        direction: "down",
        proprietary: ROOT_KEY_DOWNLINK_COMMANDS,
        messages: [fragment, req, healingReq, readyAns],
      },
    ] as const) {
      const sequence = messages.flatMap((message) => [...(message as Uint8Array)]);
      const decoded = decodeMacCommands(direction, Uint8Array.from(sequence), { proprietary });
      assert.equal(decoded.end, "complete");
      assert.deepEqual(
        decoded.commands.map((command) => command.name),
        Array(4).fill("Proprietary"),
      );
    }
  });
});
