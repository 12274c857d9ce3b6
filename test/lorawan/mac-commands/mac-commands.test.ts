import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { WarrenError } from "../../../src/errors.ts";
import { formatHex, parseHex } from "../../../src/lorawan/hex.ts";
import { DeviceModeClass } from "../../../src/lorawan/mac-commands/downlink.ts";
import {
  type Direction,
  decodeMacCommands,
  encodeMacCommands,
  explainMacCommands,
  type MacCommand,
  macCommandCodecs,
} from "../../../src/lorawan/mac-commands/mac-commands.ts";
import { anyCommand, commandOf, layouts } from "./layouts.ts";

const directions: readonly Direction[] = ["up", "down"];

function throwsCode(run: () => unknown, code: string): void {
  assert.throws(run, (error) => error instanceof WarrenError && error.code === code);
}

suite("the table of commands", () => {
  for (const direction of directions) {
    test(`has the ${direction}link commands of the specification and no other`, () => {
      const expected = Object.entries(layouts[direction]).map(
        ([name, { cid, mask }]) => `${cid} ${name} ${mask.length / 2}`,
      );
      const actual = macCommandCodecs[direction].map(
        ({ cid, name, lengthBytes }) => `${cid} ${name} ${lengthBytes}`,
      );
      assert.deepEqual(actual, expected);
    });
  }

  test("has no name in both directions, on which encoding relies", () => {
    const names = directions.flatMap((direction) => macCommandCodecs[direction].map((c) => c.name));
    assert.equal(new Set(names).size, names.length);
  });
});

suite("each command", () => {
  for (const direction of directions) {
    for (const [name, layout] of Object.entries(layouts[direction])) {
      test(`${name}: decoding undoes encoding`, () => {
        fc.assert(
          fc.property(commandOf(name, layout), (command) => {
            const bytes = encodeMacCommands([command]);
            assert.equal(bytes.length, 1 + layout.mask.length / 2);
            assert.equal(bytes[0], layout.cid);
            assert.deepEqual(decodeMacCommands(direction, bytes), {
              commands: [command],
              rest: new Uint8Array(),
              end: "complete",
            });
          }),
        );
      });

      test(`${name}: reserved bits are ignored and sent as zero`, () => {
        const mask = parseHex(layout.mask);
        const length = mask.length;
        fc.assert(
          fc.property(fc.uint8Array({ minLength: length, maxLength: length }), (payload) => {
            const bytes = Uint8Array.of(layout.cid, ...payload);
            const masked = payload.map((byte, index) => byte & (mask[index] as number));
            const encoded = encodeMacCommands(decodeMacCommands(direction, bytes).commands);
            assert.equal(formatHex(encoded.subarray(1)), formatHex(masked));
          }),
        );
      });

      for (const [field, kind] of Object.entries(layout.fields)) {
        if (kind === "bool") {
          continue;
        }
        const wrong =
          kind === "hz"
            ? [-100, 50, 868_100_001, 2 ** 24 * 100, Number.NaN]
            : kind === "eirp"
              ? [0, 9, 37, Number.NaN]
              : [kind[0] - 1, kind[1] + 1, 0.5, Number.NaN, undefined];
        test(`${name}: ${field} out of range is refused`, () => {
          const [command] = fc.sample(commandOf(name, layout), 1);
          for (const value of wrong) {
            const changed = { ...command, [field]: value } as MacCommand;
            throwsCode(() => encodeMacCommands([changed]), "value-out-of-range");
          }
        });
      }
    }
  }
});

suite("a sequence", () => {
  for (const direction of directions) {
    test(`${direction}: any commands survive together and in order`, () => {
      fc.assert(
        fc.property(fc.array(anyCommand(direction), { maxLength: 20 }), (commands) => {
          const bytes = encodeMacCommands(commands);
          assert.deepEqual(decodeMacCommands(direction, bytes), {
            commands,
            rest: new Uint8Array(),
            end: "complete",
          });
        }),
      );
    });
  }

  test("of no commands is complete", () => {
    assert.deepEqual(decodeMacCommands("up", new Uint8Array()), {
      commands: [],
      rest: new Uint8Array(),
      end: "complete",
    });
  });

  test("of the device classes", () => {
    const indication: MacCommand = { name: "DeviceModeInd", deviceClass: DeviceModeClass.C };
    assert.equal(formatHex(encodeMacCommands([indication])), "2002");
  });

  test("cannot hold a command of an unknown name", () => {
    const command = { name: "LinkCheckMaybe" } as unknown as MacCommand;
    throwsCode(() => encodeMacCommands([command]), "value-out-of-range");
  });

  test("does not share memory with its input", () => {
    const bytes = parseHex("02ff");
    const { rest } = decodeMacCommands("up", bytes);
    bytes.fill(0);
    assert.equal(formatHex(rest), "ff");
  });
});

suite("the oldest version", () => {
  test("of a 1.0.2 device ends its knowledge at DeviceTimeReq", () => {
    const bytes = parseHex("020a030d02");
    assert.deepEqual(decodeMacCommands("up", bytes, { version: "1.0.2" }), {
      commands: [
        { name: "LinkCheckReq" },
        { name: "DlChannelAns", channelFrequencyOk: true, uplinkFrequencyExists: true },
      ],
      rest: parseHex("0d02"),
      end: "unknown-command",
    });
    assert.equal(decodeMacCommands("up", bytes, { version: "1.0.3" }).end, "complete");
  });

  test("of a 1.0.4 device ends its knowledge at RekeyConf", () => {
    assert.equal(decodeMacCommands("down", parseHex("0b01"), { version: "1.0.4" }).rest.length, 2);
    assert.equal(decodeMacCommands("down", parseHex("0b01"), { version: "1.1.0" }).rest.length, 0);
  });

  test("of a 1.0.1 device ends its knowledge at TxParamSetupReq", () => {
    const bytes = parseHex("06090a");
    assert.deepEqual(decodeMacCommands("down", bytes, { version: "1.0.1" }).rest, parseHex("090a"));
  });
});

suite("proprietary commands", () => {
  const proprietary = [
    { cid: 0x80, name: "Blink", payloadLengthBytes: 2 },
    { cid: 0xff, name: "Reboot", payloadLengthBytes: 0 },
  ];

  test("are read by their registered length, and the commands after them too", () => {
    assert.deepEqual(decodeMacCommands("down", parseHex("80aabbff06"), { proprietary }), {
      commands: [
        { name: "Proprietary", cid: 0x80, payload: parseHex("aabb") },
        { name: "Proprietary", cid: 0xff, payload: new Uint8Array() },
        { name: "DevStatusReq" },
      ],
      rest: new Uint8Array(),
      end: "complete",
    });
  });

  test("can be cut off", () => {
    const decoded = decodeMacCommands("up", parseHex("0280aa"), { proprietary });
    assert.deepEqual(decoded, {
      commands: [{ name: "LinkCheckReq" }],
      rest: parseHex("80aa"),
      end: "truncated-command",
    });
  });

  test("end the sequence when they are not registered", () => {
    assert.equal(decodeMacCommands("up", parseHex("80aabb02")).end, "unknown-command");
  });

  test("encode", () => {
    const command: MacCommand = { name: "Proprietary", cid: 0x80, payload: parseHex("aabb") };
    assert.equal(formatHex(encodeMacCommands([command, { name: "LinkCheckReq" }])), "80aabb02");
  });

  for (const cid of [0x7f, 0x100, -1, 128.5]) {
    test(`have no CID ${cid}`, () => {
      const command: MacCommand = { name: "Proprietary", cid, payload: new Uint8Array() };
      const format = { cid, name: "x", payloadLengthBytes: 0 };
      throwsCode(() => encodeMacCommands([command]), "value-out-of-range");
      throwsCode(
        () => decodeMacCommands("up", new Uint8Array(), { proprietary: [format] }),
        "value-out-of-range",
      );
    });
  }

  for (const payloadLengthBytes of [-1, 0.5, Number.NaN]) {
    test(`have no length ${payloadLengthBytes}`, () => {
      const format = { cid: 0x80, name: "x", payloadLengthBytes };
      throwsCode(
        () => decodeMacCommands("up", parseHex("80"), { proprietary: [format] }),
        "value-out-of-range",
      );
    });
  }
});

suite("explaining", () => {
  test("shows fields, bytes and what is left", () => {
    const explained = explainMacCommands("up", parseHex("03070642304004"));
    assert.deepEqual(JSON.parse(JSON.stringify(explained)), [
      {
        name: "LinkADRAns",
        channelMaskAck: true,
        dataRateAck: true,
        powerAck: true,
        cid: "0x03",
        hex: "0307",
      },
      { name: "DevStatusAns", battery: 66, marginDb: -16, cid: "0x06", hex: "064230" },
      { name: "Unknown", cid: "0x40", hex: "4004" },
    ]);
  });

  test("shows the bytes as received, reserved bits and all", () => {
    assert.equal(explainMacCommands("up", parseHex("03ff"))[0]?.hex, "03ff");
  });

  test("names a command that is cut off", () => {
    assert.deepEqual(explainMacCommands("down", parseHex("0352")), [
      { name: "Truncated", cid: "0x03", hex: "0352" },
    ]);
  });

  test("names proprietary commands as registered", () => {
    const proprietary = [{ cid: 0x80, name: "Blink", payloadLengthBytes: 1 }];
    assert.deepEqual(explainMacCommands("down", parseHex("800106"), { proprietary }), [
      { name: "Blink", cid: "0x80", hex: "8001" },
      { name: "DevStatusReq", cid: "0x06", hex: "06" },
    ]);
  });
});
