import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import {
  type CarriedCommand,
  countTransmission,
  isOvertaken,
  isSettledBy,
  newCarriedCommand,
  nextOctets,
  readRootKeyUplink,
} from "../../src/root-key/carriage.ts";
import { splitIntoFragments } from "../../src/root-key/fragments.ts";
import { encodeNewKeyReadyReq, encodeRootKeyUpdateAns } from "../../src/root-key/messages.ts";
import { warrenError } from "../support/warren-error.ts";

const idHex = (updateId: number) => formatHex(Uint8Array.of(updateId, 0));
const plainReq = (updateId: number) => parseHex(`80${idHex(updateId)}01aabbcc11223344`);
const readyAns = (updateId: number) => parseHex(`81${idHex(updateId)}55667788`);
const healingReq = (updateId: number) =>
  parseHex(`83${idHex(updateId)}81aabbcc${"5a".repeat(32)}11223344`);

/** All that goes down of a command in frames with room for `roomBytes`, in hex. */
function transmissions(octets: Uint8Array, roomBytes: number): string[] {
  const sent: string[] = [];
  let command: CarriedCommand = newCarriedCommand(octets);
  while (command.repeatsLeft > 0) {
    const next = nextOctets(command, roomBytes);
    sent.push(formatHex(next));
    command = countTransmission(command, next);
  }
  return sent;
}

describe("a command that a server carries", () => {
  it("goes down whole sixteen times, an answer eight times", () => {
    for (const [octets, times] of [
      [plainReq(5), 16],
      [healingReq(5), 16],
      [readyAns(5), 8],
    ] as const) {
      assert.deepEqual(transmissions(octets, octets.length), Array(times).fill(formatHex(octets)));
    }
  });

  it("goes in its fragments in turn where it finds no room, all of them sixteen times", () => {
    const fragments = splitIntoFragments(healingReq(5)).map(formatHex);
    for (const roomBytes of [0, 42]) {
      const sent = transmissions(healingReq(5), roomBytes);
      assert.deepEqual(sent, Array(16).fill(fragments).flat());
    }
    assert.deepEqual(transmissions(readyAns(5), 0), Array(8).fill(formatHex(readyAns(5))));
  });

  it("starts its fragments anew after it has gone as a whole", () => {
    const octets = healingReq(5);
    const command = newCarriedCommand(octets);
    const split = countTransmission(command, nextOctets(command, 11));
    assert.deepEqual([split.repeatsLeft, split.nextFragment], [16, 1]);
    const whole = countTransmission(split, octets);
    assert.deepEqual([whole.repeatsLeft, whole.nextFragment], [15, 0]);
  });

  it("is one whole message of a Join Server", () => {
    const [fragment = Uint8Array.of()] = splitIntoFragments(healingReq(5));
    assert.throws(() => newCarriedCommand(fragment), warrenError("frame-malformed"));
    assert.throws(() => newCarriedCommand(plainReq(5).slice(1)), warrenError("frame-malformed"));
    assert.throws(() => newCarriedCommand(Uint8Array.of()), warrenError("frame-too-short"));
  });

  it("is overtaken when it answers an update before that of the request that waits", () => {
    const overtaken = (late: Uint8Array, waiting: Uint8Array) =>
      isOvertaken(newCarriedCommand(late), newCarriedCommand(waiting));
    assert.equal(overtaken(readyAns(5), plainReq(6)), true);
    assert.equal(overtaken(readyAns(5), healingReq(6)), true);
    assert.equal(overtaken(readyAns(6), plainReq(6)), false, "the answer to the same update");
    assert.equal(overtaken(readyAns(5), readyAns(6)), false);
    assert.equal(overtaken(plainReq(5), plainReq(6)), false, "whatever the Join Server asks for");
    assert.equal(isOvertaken(newCarriedCommand(readyAns(5)), undefined), false);
  });

  it("is settled by what the device says to the request, and an answer by nothing", () => {
    const settles = (octets: Uint8Array, up: Uint8Array) => {
      const uplink = readRootKeyUplink(up);
      assert.ok(uplink);
      return isSettledBy(newCarriedCommand(octets), uplink);
    };
    const ready = (updateId: number) =>
      encodeNewKeyReadyReq({ updateId, edNonce: new Uint8Array(4), mic: new Uint8Array(4) });
    const fragmentOf = (updateId: number) =>
      splitIntoFragments(healingReq(updateId))[2] ?? Uint8Array.of();
    for (const request of [plainReq(9), healingReq(9)]) {
      assert.equal(settles(request, ready(9)), true);
      assert.equal(settles(request, ready(10)), false);
      assert.equal(settles(request, ready(17)), false);
      assert.equal(settles(request, encodeRootKeyUpdateAns({ updateId: 9, status: 2 })), true);
      assert.equal(settles(request, fragmentOf(9)), true);
      assert.equal(settles(request, fragmentOf(17)), true, "the same three bits");
      assert.equal(settles(request, fragmentOf(10)), false);
    }
    assert.equal(settles(readyAns(9), ready(9)), false, "the device has not heard it");
    assert.equal(settles(readyAns(9), fragmentOf(9)), false);
  });
});

it("octets that are no root key command of a device are nothing", () => {
  for (const hex of ["", "81", "7f00", "80050003", "82ff000000000000000000"]) {
    assert.equal(readRootKeyUplink(parseHex(hex)), undefined, hex);
  }
});
