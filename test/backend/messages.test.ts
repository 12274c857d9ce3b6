import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  decodeJoinAns,
  decodeJoinReq,
  encodeJoinAns,
  encodeJoinReq,
  type JoinAns,
  type JoinReq,
} from "../../src/backend/join-messages.ts";
import {
  decodeKeyEnvelope,
  encodeKeyEnvelope,
  type KeyEnvelope,
} from "../../src/backend/key-envelope.ts";
import {
  decodeAppSKeyAns,
  decodeAppSKeyReq,
  decodeHomeNsAns,
  decodeHomeNsReq,
  encodeAppSKeyAns,
  encodeAppSKeyReq,
  encodeHomeNsAns,
  encodeHomeNsReq,
} from "../../src/backend/key-messages.ts";
import { Members } from "../../src/backend/members.ts";
import {
  decodeRootKeyCommand,
  decodeRootKeyCommandAns,
  decodeRootKeyUpdateAns,
  decodeRootKeyUpdateAsk,
  encodeRootKeyCommand,
  encodeRootKeyCommandAns,
  encodeRootKeyUpdateAns,
  encodeRootKeyUpdateAsk,
  UPDATE_REASONS,
} from "../../src/backend/root-key-messages.ts";
import type { MacVersion } from "../../src/lorawan/mac-version.ts";
import {
  bytes,
  devAddr,
  eui64,
  netId,
  record,
  uint8,
  uint16,
  uint32,
} from "../support/lorawan-arbitraries.ts";
import { warrenError } from "../support/warren-error.ts";

const macVersion = fc.constantFrom<MacVersion>(
  "1.0.0",
  "1.0.1",
  "1.0.2",
  "1.0.3",
  "1.0.4",
  "1.1.0",
);
const optional = <T extends object>(name: keyof T & string, value: fc.Arbitrary<unknown>) =>
  fc.option(value).map((v) => (v === null ? {} : { [name]: v }) as Partial<T>);

const joinReq: fc.Arbitrary<JoinReq> = fc
  .tuple(
    record({
      macVersion,
      phyPayload: bytes(0, 40),
      devEui: eui64,
      devAddr,
      dlSettings: uint8,
      rxDelay: fc.integer({ min: 0, max: 15 }),
    }),
    optional<JoinReq>("cfList", bytes(16)),
    optional<JoinReq>("gatewayId", eui64),
  )
  .map(([fixed, cfList, gatewayId]) => ({ ...fixed, ...cfList, ...gatewayId }));

const keyEnvelope: fc.Arbitrary<KeyEnvelope> = fc.oneof(
  record({ kekLabel: fc.constant(""), aesKey: bytes(16) }),
  record({ kekLabel: fc.string({ minLength: 1 }), aesKey: bytes(24) }),
);
const joinAns: fc.Arbitrary<JoinAns> = fc
  .tuple(
    record({
      phyPayload: bytes(17),
      lifetime: uint32,
      networkKeys: fc.oneof(
        record({ nwkSKey: keyEnvelope }),
        record({ fNwkSIntKey: keyEnvelope, sNwkSIntKey: keyEnvelope, nwkSEncKey: keyEnvelope }),
      ),
    }),
    optional<JoinAns>("appSKey", keyEnvelope),
    optional<JoinAns>("sessionKeyId", fc.string({ minLength: 1 })),
    optional<JoinAns>("rootKeyGeneration", uint16),
    optional<JoinAns>("rootKeyMaxFrames", uint32),
  )
  .map((parts) => Object.assign({}, ...parts) as JoinAns);

/** Through JSON text, as over the wire. */
const wire = (members: object) => new Members(JSON.parse(JSON.stringify(members)));

function roundTrips<T>(
  arbitrary: fc.Arbitrary<T>,
  encode: (value: T) => Record<string, unknown>,
  decode: (members: Members) => T,
) {
  fc.assert(
    fc.property(arbitrary, (value) => assert.deepEqual(decode(wire(encode(value))), value)),
    { numRuns: 60 },
  );
}

describe("messages of the Backend Interfaces", () => {
  it("come back from their JSON as they were", () => {
    const appSKeyReq = record({ devEui: eui64, sessionKeyId: fc.string() });
    const appSKeyAns = record({ devEui: eui64, sessionKeyId: fc.string(), appSKey: keyEnvelope });
    const macCommand = bytes(0, 15);
    roundTrips(joinReq, encodeJoinReq, decodeJoinReq);
    roundTrips(joinAns, encodeJoinAns, decodeJoinAns);
    roundTrips(keyEnvelope, encodeKeyEnvelope, decodeKeyEnvelope);
    roundTrips(appSKeyReq, encodeAppSKeyReq, decodeAppSKeyReq);
    roundTrips(appSKeyAns, encodeAppSKeyAns, decodeAppSKeyAns);
    roundTrips(record({ devEui: eui64 }), encodeHomeNsReq, decodeHomeNsReq);
    roundTrips(record({ homeNetId: netId }), encodeHomeNsAns, decodeHomeNsAns);
    const ask = record({ devEui: eui64, reason: fc.constantFrom(...UPDATE_REASONS) });
    roundTrips(ask, encodeRootKeyUpdateAsk, decodeRootKeyUpdateAsk);
    roundTrips(
      fc.tuple(ask, uint32).map(([asked, frames]) => ({ ...asked, frames })),
      encodeRootKeyUpdateAsk,
      decodeRootKeyUpdateAsk,
    );
    roundTrips(
      record({ updateId: uint16, macCommand }),
      encodeRootKeyUpdateAns,
      decodeRootKeyUpdateAns,
    );
    const command = record({ devEui: eui64, macCommand });
    roundTrips(command, encodeRootKeyCommand, decodeRootKeyCommand);
    roundTrips(
      record({ devEui: eui64, macCommand, gatewayId: eui64, fPort: uint8 }),
      encodeRootKeyCommand,
      decodeRootKeyCommand,
    );
    roundTrips(
      fc.oneof(fc.constant({}), record({ macCommand: bytes(1, 15) })),
      encodeRootKeyCommandAns,
      decodeRootKeyCommandAns,
    );
  });
});

const JOIN_REQ = {
  MACVersion: "1.0.3",
  PHYPayload: "00aabb",
  DevEUI: "0102030405060708",
  DevAddr: "01020304",
  DLSettings: "00",
  RxDelay: 5,
};

describe("decodeJoinReq", () => {
  const decode = (changes: object) => decodeJoinReq(wire({ ...JOIN_REQ, ...changes }));

  it("takes hex of either case with any leading 0x", () => {
    const plain = decode({ DevEUI: "aabbccddeeff0011" });
    for (const DevEUI of ["AABBCCDDEEFF0011", "0xaabbccddeeff0011", "0X0xAABBccddeeff0011"]) {
      assert.deepEqual(decode({ DevEUI }), plain);
    }
    assert.deepEqual(decode({ PHYPayload: "0x00AABB", DLSettings: "0x00" }), decode({}));
  });

  it("refuses hex of an odd or a wrong length", () => {
    const wrong = [
      { DevEUI: "01020304050607" },
      { DevEUI: "010203040506070" },
      { DevEUI: "010203040506070g" },
      { DevAddr: "0102030405" },
      { DLSettings: "" },
      { DLSettings: "0000" },
      { PHYPayload: "0" },
      { CFList: "00".repeat(15) },
    ];
    for (const changes of wrong) {
      assert.throws(
        () => decode(changes),
        warrenError("request-malformed"),
        JSON.stringify(changes),
      );
    }
  });

  it("takes every spelling of the versions and no other", () => {
    const spellings = {
      "1.0": "1.0.0",
      "1.0.0": "1.0.0",
      "1.0.1": "1.0.1",
      "1.0.2": "1.0.2",
      "1.0.3": "1.0.3",
      "1.0.4": "1.0.4",
      "1.1": "1.1.0",
      "1.1.0": "1.1.0",
    };
    for (const [MACVersion, expected] of Object.entries(spellings)) {
      assert.equal(decode({ MACVersion }).macVersion, expected);
    }
    for (const MACVersion of ["1", "1.0.5", "1.1.1", "1.2", "", "constructor", 1.1, null]) {
      assert.throws(() => decode({ MACVersion }), warrenError("request-malformed"));
    }
  });

  it("takes a CFList that is absent, null, empty or of 16 bytes", () => {
    for (const CFList of [undefined, null, ""]) assert.ok(!("cfList" in decode({ CFList })));
    assert.equal(decode({ CFList: "01".repeat(16) }).cfList?.length, 16);
  });

  it("takes RxDelay from 0 to 15", () => {
    for (const RxDelay of [0, 15]) assert.equal(decode({ RxDelay }).rxDelay, RxDelay);
    for (const RxDelay of [-1, 16, 1.5, "1", null]) {
      assert.throws(() => decode({ RxDelay }), warrenError("request-malformed"));
    }
  });

  it("ignores members it does not know", () => {
    const VSExtension = { VendorID: "EC656E", Object: { anything: [1] } };
    assert.deepEqual(decode({ VSExtension, Foo: { Bar: 1 } }), decode({}));
  });

  it("names the member that is wrong and never repeats a value", () => {
    assert.throws(
      () => decode({ DevEUI: "secret" }),
      (error: Error) => error.message.startsWith("DevEUI: ") && !error.message.includes("secret"),
    );
  });
});

describe("encodeJoinReq", () => {
  it("spells the versions as The Things Stack takes them", () => {
    const spell = (version: MacVersion) =>
      encodeJoinReq({ ...decodeJoinReq(wire(JOIN_REQ)), macVersion: version })["MACVersion"];
    assert.deepEqual((["1.0.0", "1.0.1", "1.0.4", "1.1.0"] as const).map(spell), [
      "1.0",
      "1.0.1",
      "1.0.4",
      "1.1",
    ]);
  });

  it("leaves an absent CFList out", () => {
    assert.ok(!("CFList" in encodeJoinReq(decodeJoinReq(wire(JOIN_REQ)))));
  });
});

describe("decodeKeyEnvelope", () => {
  it("takes a label that is absent, null or empty for a clear key", () => {
    for (const KEKLabel of [undefined, null, ""]) {
      const envelope = decodeKeyEnvelope(wire({ KEKLabel, AESKey: "ab".repeat(16) }));
      assert.equal(envelope.kekLabel, "");
    }
  });

  it("wants 16 bytes without a label and 24 with one", () => {
    const wrong = [
      { KEKLabel: "", AESKey: "ab".repeat(24) },
      { KEKLabel: "as:1", AESKey: "ab".repeat(16) },
      { KEKLabel: 7, AESKey: "ab".repeat(24) },
      { KEKLabel: "as:1" },
    ];
    for (const envelope of wrong) {
      assert.throws(() => decodeKeyEnvelope(wire(envelope)), warrenError("request-malformed"));
    }
  });

  it("always writes the label", () => {
    const clear = encodeKeyEnvelope({ kekLabel: "", aesKey: new Uint8Array(16) });
    assert.deepEqual(clear, { KEKLabel: "", AESKey: "00".repeat(16) });
  });
});

describe("decodeJoinAns", () => {
  const ans = { PHYPayload: "20ff", NwkSKey: { KEKLabel: "", AESKey: "00".repeat(16) } };

  it("takes an absent Lifetime for 0", () => {
    assert.equal(decodeJoinAns(wire(ans)).lifetime, 0);
    assert.equal(decodeJoinAns(wire({ ...ans, Lifetime: 7 })).lifetime, 7);
  });

  it("refuses an answer without network keys", () => {
    assert.throws(
      () => decodeJoinAns(wire({ PHYPayload: "20" })),
      warrenError("request-malformed"),
    );
    const two = { FNwkSIntKey: ans.NwkSKey, SNwkSIntKey: ans.NwkSKey };
    assert.throws(
      () => decodeJoinAns(wire({ PHYPayload: "20", ...two })),
      warrenError("request-malformed"),
    );
  });
});

describe("any JSON", () => {
  it("decodes or is refused as malformed, by every decoder", () => {
    const decoders = [
      decodeJoinReq,
      decodeJoinAns,
      decodeAppSKeyReq,
      decodeAppSKeyAns,
      decodeHomeNsReq,
      decodeHomeNsAns,
      decodeRootKeyUpdateAsk,
      decodeRootKeyUpdateAns,
      decodeRootKeyCommand,
      decodeRootKeyCommandAns,
    ];
    const names = [...Object.keys(JOIN_REQ), "NwkSKey", "AppSKey", "MACCommand", "UpdateID"];
    const json = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom(...names),
        fc.oneof(fc.jsonValue(), fc.stringMatching(/^(0x)?([0-9a-fA-F]{2}){0,24}$/)),
      ),
    );
    fc.assert(
      fc.property(
        json,
        fc.constantFrom<(members: Members) => unknown>(...decoders),
        (value, decode) => {
          try {
            decode(new Members(value));
          } catch (error) {
            assert.ok(warrenError("request-malformed")(error), String(error));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
