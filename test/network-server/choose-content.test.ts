import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseContent, type MacItem } from "../../src/network-server/downlink/choose-content.ts";
import type { QueuedDownlink } from "../../src/network-server/session/device.ts";

const item = (lengthBytes: number): MacItem => ({
  kind: "answer",
  octets: new Uint8Array(lengthBytes),
});

const application = (lengthBytes: number): QueuedDownlink => ({
  downlinkId: "a",
  sessionKeyId: "s",
  fPort: 1,
  fCntDown: 0,
  isConfirmed: false,
  frmPayload: new Uint8Array(lengthBytes),
  isSending: false,
});

test("fifteen octets go in FOpts, sixteen on FPort 0", () => {
  const choose = (...lengths: number[]) =>
    chooseContent({
      version: "1.1",
      macItems: lengths.map(item),
      application: undefined,
      maxPayloadLengthBytes: 51,
    });
  assert.equal(choose(11, 4).place, "FOpts");
  assert.equal(choose(11, 5).place, "FPort 0");
});

test("1.0 sends the payload first, 1.1 the commands that do not fit beside it", () => {
  const choose = (version: "1.0" | "1.1") =>
    chooseContent({
      version,
      macItems: [item(2), item(11)],
      application: application(45),
      maxPayloadLengthBytes: 51,
    });
  assert.deepEqual(
    [choose("1.0").application?.downlinkId, choose("1.0").macItems.length],
    ["a", 1],
  );
  assert.deepEqual([choose("1.1").application, choose("1.1").macItems.length], [undefined, 2]);
});

test("nothing is ever longer than the frame may be, nor FOpts than 15 octets", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("1.0" as const, "1.1" as const),
      fc.array(fc.integer({ min: 1, max: 11 }), { maxLength: 12 }),
      fc.option(fc.nat(242), { nil: undefined }),
      fc.constantFrom(51, 53, 115, 242),
      (version, lengths, payload, maxPayloadLengthBytes) => {
        const isFitting = payload !== undefined && payload <= maxPayloadLengthBytes;
        const macItems = lengths.map(item);
        const chosen = chooseContent({
          version,
          macItems,
          application: isFitting ? application(payload) : undefined,
          maxPayloadLengthBytes,
        });
        const macBytes = chosen.macItems.reduce((sum, { octets }) => sum + octets.length, 0);
        const payloadBytes = chosen.application?.frmPayload.length ?? 0;
        assert.ok(macBytes + payloadBytes <= maxPayloadLengthBytes);
        if (chosen.place === "FOpts") assert.ok(macBytes <= 15);
        if (chosen.place === "FPort 0") assert.equal(chosen.application, undefined);
        assert.ok(
          chosen.application !== undefined || chosen.macItems.length > 0 || !macItems.length,
        );
      },
    ),
  );
});
