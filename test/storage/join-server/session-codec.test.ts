import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import fc from "fast-check";
import { exportAes128Key, importAes128Key } from "../../../src/crypto/aes128.ts";
import type { Session } from "../../../src/join-server/session.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { parseEui64 } from "../../../src/lorawan/identifiers.ts";
import {
  decodeSessions,
  encodeSessions,
  newestSessionStart,
} from "../../../src/storage/join-server/rows/sessions/session-codec.ts";
import { withStoredKeys } from "../../../src/storage/join-server/rows/sessions/stored-session-keys.ts";
import { warrenError } from "../../support/warren-error.ts";
import { assertSame, session } from "./contract/arbitrary-records.ts";

const keyOf = (digit: string) => importAes128Key(parseHex(digit.repeat(32)));

const REJOINED: Session = {
  sessionKeyId: "000102030405060708090a0b0c0d0e0f",
  joinNonce: 0x123456,
  origin: "rejoin",
  optNeg: true,
  keys: {
    fNwkSIntKey: keyOf("1"),
    sNwkSIntKey: keyOf("3"),
    nwkSEncKey: keyOf("4"),
    appSKey: keyOf("2"),
  },
  rjCount0: 0xbeef,
  isProvenInUse: true,
  foreignJoinEui: undefined,
  createdAt: 0x0192_3456_789a,
};
const nwkSKey = keyOf("5");
const JOINED: Session = {
  ...REJOINED,
  joinNonce: 1,
  origin: "join",
  optNeg: false,
  keys: { fNwkSIntKey: nwkSKey, sNwkSIntKey: nwkSKey, nwkSEncKey: nwkSKey, appSKey: keyOf("6") },
  rjCount0: undefined,
  isProvenInUse: false,
};

const FOREIGN: Session = { ...JOINED, foreignJoinEui: parseEui64("a1a2a3a4a5a6a7a8") };

describe("sessions as octets", () => {
  it("are laid out as told", () => {
    const octets = [
      "01",
      ...["0f", REJOINED.sessionKeyId, "123456", "01923456789a", "beef"],
      ...["1", "2", "3", "4"].map((digit) => digit.repeat(32)),
      ...["00", JOINED.sessionKeyId, "000001", "01923456789a"],
      ...["5", "6"].map((digit) => digit.repeat(32)),
      ...["10", JOINED.sessionKeyId, "000001", "01923456789a", "a1a2a3a4a5a6a7a8"],
      ...["5", "6"].map((digit) => digit.repeat(32)),
    ].join("");
    const sessions = [REJOINED, JOINED, FOREIGN];
    assert.equal(formatHex(encodeSessions(sessions)), octets);
    assertSame(decodeSessions(parseHex(octets)), sessions);
    assert.equal(newestSessionStart(parseHex(octets)), REJOINED.createdAt);
    assert.equal(newestSessionStart(encodeSessions([])), undefined);
  });

  it("come back as they were, and again as the same octets, whether keys were asked for or not", () => {
    fc.assert(
      fc.property(fc.array(session, { maxLength: 10 }), fc.boolean(), (sessions, asks) => {
        const octets = encodeSessions(sessions);
        const decoded = decodeSessions(octets);
        if (asks) assertSame(decoded, sessions);
        assert.deepEqual(encodeSessions(decoded), octets);
        assert.deepEqual(encodeSessions(withStoredKeys(sessions)), octets);
        assertSame(withStoredKeys(decoded), sessions);
      }),
    );
  });

  it("are refused when they end too early or begin with another octet", () => {
    const octets = encodeSessions([REJOINED, JOINED]);
    const ends = [octets.length, encodeSessions([REJOINED]).length, 1];
    for (let end = 0; end < octets.length; end++) {
      if (ends.includes(end)) continue;
      assert.throws(
        () => decodeSessions(octets.subarray(0, end)),
        warrenError("sealed-value-damaged"),
      );
    }
    const other = Uint8Array.of(2, ...octets.subarray(1));
    assert.throws(() => decodeSessions(other), warrenError("sealed-value-damaged"));
  });

  it("are read as JSON too, which they were before", () => {
    const hex = (digit: string) => digit.repeat(32);
    const { keys: _, ...rejoined } = REJOINED;
    const { keys: __, ...joined } = JOINED;
    const json = [
      { ...rejoined, keys: ["1", "3", "4", "2"].map(hex) },
      { ...joined, keys: ["5", "5", "5", "6"].map(hex) },
    ];
    const octets = new TextEncoder().encode(JSON.stringify(json));
    assertSame(decodeSessions(octets), [REJOINED, JOINED]);
    assert.equal(newestSessionStart(octets), REJOINED.createdAt);
  });

  it("give the same key object each time, and show no octet of one when they are printed", () => {
    const [decoded] = decodeSessions(encodeSessions([REJOINED])) as [Session];
    assert.equal(decoded.keys.appSKey, decoded.keys.appSKey);
    assert.equal(formatHex(exportAes128Key(decoded.keys.appSKey)), "2".repeat(32));
    const printed = inspect(decoded, { depth: null, showHidden: true }) + JSON.stringify(decoded);
    assert.doesNotMatch(printed, /22, 22|34, 34|2222/);
  });
});
