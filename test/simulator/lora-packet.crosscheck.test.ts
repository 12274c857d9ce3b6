import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Aes128Key } from "../../src/crypto/aes128.ts";
import { exportAes128Key } from "../../src/crypto/aes128.ts";
import { loraPacket } from "../support/lora-packet.ts";
import { DeviceBench } from "./support/device-bench.ts";

const bufferOf = (key: Aes128Key) => Buffer.from(exportAes128Key(key));

describe("an independent implementation takes the frames of a device", () => {
  for (const macVersion of ["1.0.2", "1.0.3", "1.0.4", "1.1.0"] as const) {
    test(`Join-request (${macVersion})`, () => {
      const bench = new DeviceBench({ macVersion });
      const packet = loraPacket.fromWire(Buffer.from(bench.nextFrame()));
      assert.equal(packet.DevEUI?.toString("hex"), bench.device.profile.devEui);
      const key = bufferOf(bench.server.keys.nwkKey);
      assert.ok(loraPacket.verifyMIC(packet, undefined, key));
    });
  }

  for (const macVersion of ["1.0.3", "1.0.4"] as const) {
    test(`data uplink (${macVersion})`, () => {
      const bench = new DeviceBench({ macVersion });
      bench.join();
      const packet = loraPacket.fromWire(Buffer.from(bench.nextFrame()));
      const { keys } = bench.device.state.session ?? {};
      assert.ok(keys);
      assert.ok(loraPacket.verifyMIC(packet, bufferOf(keys.fNwkSIntKey)));
      const payload = loraPacket.decrypt(
        packet,
        bufferOf(keys.appSKey),
        bufferOf(keys.fNwkSIntKey),
      );
      const fCnt = packet.FCnt?.readUInt16BE() ?? -1;
      assert.equal(payload?.toString("hex"), fCnt.toString(16).padStart(8, "0"));
    });
  }

  test("data uplink (1.1.0)", () => {
    const bench = new DeviceBench();
    bench.join();
    const packet = loraPacket.fromWire(Buffer.from(bench.nextFrame()));
    const { keys, radio } = bench.device.state.session ?? {};
    assert.ok(keys && radio);
    const frame = bench.frames.at(-1);
    const channel = radio.channels.find(({ frequencyHz }) => frequencyHz === frame?.frequencyHz);
    // ConfFCnt 0, TxDr, TxCh: the argument order is described in the notes on lora-packet.
    const confFCntTxDrTxCh = Buffer.from([0, 0, radio.dataRate, channel?.index ?? 0]);
    const mic = loraPacket.calculateMIC(
      packet,
      bufferOf(keys.fNwkSIntKey),
      bufferOf(keys.sNwkSIntKey),
      Buffer.alloc(2),
      confFCntTxDrTxCh,
    );
    assert.equal(mic.toString("hex"), packet.MIC?.toString("hex"));
  });
});
