import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  applyDownlinkEvent,
  checkDownlinkRequest,
  DOWNLINK_EVENTS,
  DOWNLINK_STATES,
  type Downlink,
  downlinkView,
  failDownlink,
} from "../../src/application-server/downlinks/downlink.ts";
import { DEV_EUI } from "./support/fixtures.ts";

const downlink: Downlink = {
  downlinkId: "d1",
  devEui: DEV_EUI,
  sessionKeyId: "session-1",
  fPort: 1,
  fCntDown: 0,
  isConfirmed: true,
  payload: Uint8Array.of(0xab),
  state: "queued",
  isAnswered: false,
  createdAtMs: 0,
  updatedAtMs: 0,
};

describe("checkDownlinkRequest", () => {
  const request = { fPort: 1, payload: new Uint8Array(242), isConfirmed: false };
  test("takes the application's ports and up to 242 bytes", () => {
    for (const fPort of [1, 223]) checkDownlinkRequest({ ...request, fPort });
    checkDownlinkRequest({ ...request, payload: new Uint8Array(0) });
  });

  test("says why it refuses a port", () => {
    for (const [fPort, words] of [
      [0, /MAC commands/],
      [224, /test protocol/],
      [225, /reserved/],
      [255, /reserved/],
      [256, /1 to 223/],
      [-1, /1 to 223/],
      [1.5, /1 to 223/],
    ] as const) {
      assert.throws(() => checkDownlinkRequest({ ...request, fPort }), {
        code: "value-out-of-range",
        message: words,
      });
    }
  });

  test("refuses 243 bytes", () => {
    const tooLong = { ...request, payload: new Uint8Array(243) };
    assert.throws(() => checkDownlinkRequest(tooLong), { code: "frame-too-long" });
  });
});

describe("applyDownlinkEvent", () => {
  const allowed = [
    ["queued", "sent"],
    ["queued", "acknowledged"],
    ["queued", "not-acknowledged"],
    ["queued", "failed"],
    ["sent", "acknowledged"],
    ["sent", "not-acknowledged"],
    ["sent", "failed"],
    ["failed", "sent"],
    ["failed", "acknowledged"],
    ["failed", "not-acknowledged"],
  ].map((step) => step.join(" "));

  test("goes only where an event leads; a repeated or late one changes nothing", () => {
    for (const state of DOWNLINK_STATES) {
      for (const event of DOWNLINK_EVENTS) {
        const before = { ...downlink, state };
        const after = applyDownlinkEvent(before, event, { atMs: 5 });
        if (allowed.includes(`${state} ${event}`)) {
          assert.equal(after.state, event);
          assert.equal(after.updatedAtMs, 5);
        } else {
          assert.equal(after, before);
        }
      }
    }
  });

  test("keeps the reason of a failure and drops it when the downlink was sent after all", () => {
    const failed = applyDownlinkEvent(downlink, "failed", { reason: "no gateway", atMs: 5 });
    assert.equal(failed.reason, "no gateway");
    assert.equal(applyDownlinkEvent(downlink, "failed", { atMs: 5 }).reason, "no reason given");
    const local = failDownlink(downlink, "peer-unreachable", 5);
    assert.equal("reason" in applyDownlinkEvent(local, "sent", { atMs: 6 }), false);
  });
});

test("a downlink is shown with times as text and its payload as hex", () => {
  assert.deepEqual(downlinkView(downlink), {
    downlinkId: "d1",
    devEui: DEV_EUI,
    sessionKeyId: "session-1",
    fPort: 1,
    fCntDown: 0,
    confirmed: true,
    payload: "ab",
    state: "queued",
    createdAt: "1970-01-01T00:00:00.000Z",
    updatedAt: "1970-01-01T00:00:00.000Z",
  });
});
