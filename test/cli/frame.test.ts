import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import { encodeDataFrame } from "../../src/lorawan/data/data-frame.ts";
import { computeDownlinkMic11 } from "../../src/lorawan/data/data-mic.ts";
import { cipherFOpts } from "../../src/lorawan/data/payload-cipher.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseDevAddr } from "../../src/lorawan/identifiers.ts";
import { vectorsOf } from "../support/lorawan-vectors.ts";
import updateFile from "../vectors/root-key-update.json" with { type: "json" };
import { runWarren, spawnWarren } from "./support/warren.ts";

const folder = mkdtempSync(join(tmpdir(), "warren-frame-"));
after(() => rmSync(folder, { recursive: true }));

/** The option for each input of the published data frames. */
const OPTIONS: Readonly<Record<string, string>> = {
  fcnt32: "--f-cnt",
  nwk_s_key: "--nwk-s-key",
  app_s_key: "--app-s-key",
  f_nwk_s_int_key: "--f-nwk-s-int-key",
  s_nwk_s_int_key: "--s-nwk-s-int-key",
  nwk_s_enc_key: "--nwk-s-enc-key",
  conf_fcnt: "--conf-f-cnt",
  tx_dr: "--tx-dr",
  tx_ch: "--tx-ch",
};

type Inputs = Readonly<Record<string, string | number>>;

function optionsOf(inputs: Inputs): string[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const option = OPTIONS[name];
    return option === undefined ? [] : [option, `${value}`];
  });
}

async function decode(...args: string[]) {
  const { status, stdout, stderr } = await runWarren("frame", "decode", "--json", ...args);
  assert.deepEqual([status, stderr], [0, ""]);
  return JSON.parse(stdout);
}

for (const kind of ["data-up-1.0", "data-down-1.0", "data-up-1.1", "data-down-1.1"] as const) {
  describe(`published frames: ${kind}`, () => {
    for (const { name, inputs, outputs } of vectorsOf(kind)) {
      test(name, async () => {
        const explained = await decode(`${inputs["phy"]}`, ...optionsOf(inputs));
        if (outputs["mic"] !== undefined) {
          assert.equal(explained.mic.value, outputs["mic"]);
          const hasKey = inputs["nwk_s_key"] ?? inputs["s_nwk_s_int_key"];
          if (hasKey) assert.equal(explained.mic.status, "ok");
        }
        const networkKey = inputs["nwk_s_key"] ?? inputs["nwk_s_enc_key"];
        const payloadKey = explained.fields.FPort === 0 ? networkKey : inputs["app_s_key"];
        if (outputs["frm_payload"] && payloadKey) {
          assert.equal(explained.decrypted.FRMPayload, outputs["frm_payload"]);
        }
        if (outputs["fopts_plain"] && kind === "data-down-1.1") {
          assert.equal(explained.decrypted.FOpts, outputs["fopts_plain"]);
        }
      });
    }
  });
}

describe("published join frames", () => {
  for (const { name, inputs, outputs } of vectorsOf("join-request")) {
    test(name, async () => {
      const phy = `${inputs["phy_without_mic"]}${outputs["mic"]}`;
      assert.equal((await decode(phy, "--app-key", `${inputs["key"]}`)).mic.status, "ok");
      assert.equal((await decode(phy, "--nwk-key", "00".repeat(16))).mic.status, "mismatch");
    });
  }

  for (const { name, inputs } of vectorsOf("join-accept-1.0")) {
    test(name, async () => {
      const explained = await decode(
        `${inputs["phy_encrypted"]}`,
        ...["--mac-version", "1.0.2", "--app-key", `${inputs["app_key"]}`],
        // a 1.0.x device has one root key: another in the place of NwkKey is not in its way
        ...["--nwk-key", "00".repeat(16)],
      );
      assert.equal(explained.mic.status, "ok");
    });
  }

  for (const { name, inputs, outputs } of vectorsOf("join-accept-1.1")) {
    test(name, async () => {
      const explained = await decode(
        `${outputs["phy_encrypted"]}`,
        ...["--nwk-key", `${inputs["enc_key"]}`, "--js-int-key", `${inputs["js_int_key"]}`],
        ...["--join-eui", `${inputs["join_eui"]}`, "--dev-nonce", `0x${inputs["dev_nonce"]}`],
      );
      assert.equal(explained.mic.status, "ok");
      assert.equal(explained.decrypted.DevAddr, inputs["dev_addr"]);
    });
  }
});

describe("the commands of a root key update", () => {
  const [vector] = updateFile.vectors;
  const key = importAes128Key(new Uint8Array(16).fill(7));
  const keyHex = "07".repeat(16);
  const { inputs, outputs } = vector ?? assert.fail();

  function downlinkWithFOpts(fOptsHex: string): string {
    const devAddr = parseDevAddr("01020304");
    const counter = { direction: "down" as const, devAddr, fCnt32: 70_000 };
    const fOpts = cipherFOpts({
      ...counter,
      nwkSEncKey: key,
      aFCnt: false,
      fOpts: parseHex(fOptsHex),
    });
    const frame = encodeDataFrame(
      {
        isUplink: false,
        isConfirmed: false,
        devAddr,
        fCtrl: { adr: false, ack: false, fPending: false },
        fCnt: 70_000 % 65_536,
        fOpts,
        frmPayload: new Uint8Array(0),
      },
      (phyPayloadWithoutMic) =>
        computeDownlinkMic11({
          phyPayloadWithoutMic,
          sNwkSIntKey: key,
          confFCnt: 0,
          fCntDown: 70_000,
        }),
    );
    return formatHex(frame);
  }

  test("are named and their fields shown, after decryption with the upper counter bits", async () => {
    const explained = await decode(
      downlinkWithFOpts(outputs.rootKeyUpdateReq),
      ...["--nwk-s-enc-key", keyHex, "--s-nwk-s-int-key", keyHex, "--f-cnt", "70000"],
    );
    assert.equal(explained.mic.status, "ok");
    assert.deepEqual(explained.macCommands, [
      {
        name: "RootKeyUpdateReq",
        cid: "0x80",
        hex: outputs.rootKeyUpdateReq,
        updateId: inputs.updateId,
        suite: vector?.suite,
        jsNonce: inputs.jsNonce,
        mic: outputs.rootKeyUpdateReq.slice(-8),
      },
    ]);
    const down = await decode(
      downlinkWithFOpts(outputs.newKeyReadyAns),
      ...["--nwk-s-enc-key", keyHex, "--f-cnt", "70000"],
    );
    assert.equal(down.macCommands[0].name, "NewKeyReadyAns");
  });

  test("are understood on the way up, in clear FOpts of 1.0.x, before a standard one", async () => {
    const fOpts = `${outputs.newKeyReadyReq}02`;
    const phy = `40040302010${(fOpts.length / 2).toString(16)}0000${fOpts}00000000`;
    const explained = await decode(phy, "--mac-version", "1.0.3");
    assert.deepEqual(
      explained.macCommands.map(({ name }: { name: string }) => name),
      ["NewKeyReadyReq", "LinkCheckReq"],
    );
    assert.equal(explained.macCommands[0].edNonce, inputs.edNonce);
    const refusal = await decode("40040302010400008012340700000000", "--mac-version", "1.0.3");
    assert.equal(refusal.macCommands[0].name, "RootKeyUpdateAns", "with a status nobody knows");
  });
});

describe("for people", () => {
  test("a frame is explained in lines", async () => {
    const { status, stdout } = await spawnWarren(
      ...["frame", "decode", "40f17dbe4900020001954378762b11ff0d"],
      ...["--nwk-s-key", "44024241ed4ce9a68c6a8bc055233fd3"],
      ...["--app-s-key", "ec925802ae430ca77fd3dd73cb2cc588"],
    );
    assert.equal(status, 0);
    assert.equal(
      stdout,
      `Unconfirmed Data Up, 17 bytes
  DevAddr     49be7df1
  FCtrl       ADR no, ADRACKReq no, ACK no, ClassB no, FOptsLen 0
  FCnt        2
  FPort       1
  FRMPayload  95437876
  MIC         2b11ff0d
MIC ok: MIC of 1.0 under NwkSKey
Decrypted
  FRMPayload  74657374  "test"
`,
    );
  });

  test("MAC commands, wrong MICs and proprietary frames are said clearly", async () => {
    const commands = await runWarren(
      ...["frame", "decode", "40040302010300000673070ae264d4f7e117d2c0"],
      ...["--nwk-s-key", "00".repeat(16)],
    );
    assert.match(commands.stdout, /^MIC WRONG: /m);
    assert.match(
      commands.stdout,
      /^MAC commands\n {2}DevStatusAns \(067307\): battery 115, marginDb 7$/m,
    );
    const proprietary = await runWarren("frame", "decode", "e00102");
    assert.equal(proprietary.stdout, "Proprietary, 3 bytes\n  payload  0102\n");
  });

  test("keys may come from files", async () => {
    const keyFile = join(folder, "key");
    writeFileSync(keyFile, "ec925802ae430ca77fd3dd73cb2cc588\n");
    const phy = "40f17dbe4900020001954378762b11ff0d";
    const { stdout } = await runWarren("frame", "decode", phy, "--app-s-key-file", keyFile);
    assert.match(stdout, /"test"/);
  });
});

describe("what can't be decoded", () => {
  test("is a typed error on standard error, exit status 1", async () => {
    for (const [hex, words] of [
      ["", /^warren frame: MHDR .*\(frame-too-short\)\n$/],
      ["zz", /\(text-malformed\)\n$/],
      ["400", /\(text-malformed\)\n$/],
      ["4001", /\(frame-too-short\)\n$/],
      ["41".padEnd(30, "0"), /\(frame-malformed\)\n$/],
      [`40${"00".repeat(255)}`, /\(frame-too-long\)\n$/],
      ["2000", /\(frame-/],
    ] as const) {
      const { status, stdout, stderr } = await runWarren("frame", "decode", hex);
      assert.deepEqual([status, stdout], [1, ""], hex);
      assert.match(stderr, words);
    }
    const { status, stderr } = await spawnWarren("frame", "decode", "40");
    assert.equal(status, 1);
    assert.match(stderr, /^warren frame: .*\(frame-too-short\)\n$/);
  });

  test("a counter that contradicts the frame is such an error too", async () => {
    const phy = "40f17dbe4900020001954378762b11ff0d";
    const { status, stderr } = await runWarren("frame", "decode", phy, "--f-cnt", "3");
    assert.equal(status, 1);
    assert.match(stderr, /value-out-of-range/);
    assert.equal((await runWarren("frame", "decode", phy, "--f-cnt", "65538")).status, 0);
  });

  test("wrong options have exit status 2", async () => {
    const phy = "40f17dbe4900020001954378762b11ff0d";
    const key = "00112233445566778899aabbccddeeff";
    for (const [args, words] of [
      [["--app-s-key", key.slice(2)], /--app-s-key: expected 32 hex digits/],
      [["--mac-version", "1.2"], /use 1.0, 1.0.1/],
      [["--f-cnt", "4294967296"], /0 to 4294967295/],
      [["--dev-nonce", "-1"], /0 to 65535/],
      [["--tx-dr", "1e1"], /0 to 255/],
      [["--join-eui", "00"], /16 hex digits/],
      [["--mac-version", "1.0", "--f-nwk-s-int-key", key], /are keys of 1.1/],
      [["--mac-version", "1.1", "--nwk-s-key", key], /is a key of 1.0.x/],
      [["--nwk-s-key", key, "--nwk-s-enc-key", key], /is a key of 1.0.x/],
    ] as const) {
      const { status, stdout, stderr } = await runWarren("frame", "decode", phy, ...args);
      assert.deepEqual([status, stdout], [2, ""], args.join(" "));
      assert.match(stderr, words);
      assert.ok(!stderr.includes(key.slice(2)));
    }
    assert.equal((await runWarren("frame", "decode")).status, 2);
  });

  test("any bytes end with status 0 or 1 and never as a defect", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 260 }), async (bytes) => {
        const { status, stderr } = await runWarren(
          ...["frame", "decode", formatHex(bytes)],
          ...["--mac-version", "1.1", "--nwk-key", "01".repeat(16), "--app-s-key", "02".repeat(16)],
          ...["--nwk-s-enc-key", "03".repeat(16)],
        );
        assert.ok(status === 0 || status === 1);
        assert.ok(!stderr.includes("unexpected error"), stderr);
      }),
      { numRuns: 200 },
    );
  });
});
