import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Aes128Key, exportAes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import { decodeDataFrame } from "../../src/lorawan/data/data-frame.ts";
import {
  computeDataMic10,
  computeDownlinkMic11,
  computeUplinkMic11,
  verifyDataMic10,
  verifyDownlinkMic11,
  verifyUplinkMic11,
} from "../../src/lorawan/data/data-mic.ts";
import { cipherFOpts, cipherFrmPayload } from "../../src/lorawan/data/payload-cipher.ts";
import type { Direction } from "../../src/lorawan/direction.ts";
import { splitMic } from "../../src/lorawan/frame-mic.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseDevAddr, parseEui64, parseNetId } from "../../src/lorawan/identifiers.ts";
import { decodeDlSettings } from "../../src/lorawan/join/dl-settings.ts";
import { decodeJoinAccept } from "../../src/lorawan/join/join-accept.ts";
import { computeJoinAcceptMic, type JoinReqType } from "../../src/lorawan/join/join-accept-mic.ts";
import {
  computeJoinRequestMic,
  decodeJoinRequest,
  encodeJoinRequest,
  verifyJoinRequestMic,
} from "../../src/lorawan/join/join-request.ts";
import {
  computeRejoinRequestMic,
  decodeRejoinRequest,
  encodeRejoinRequest,
  verifyRejoinRequestMic,
} from "../../src/lorawan/join/rejoin-request.ts";
import {
  buildJoinAccept,
  decryptJoinAccept,
  encryptJoinAccept,
  openJoinAccept,
} from "../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../../src/lorawan/keys/join-server-keys.ts";
import {
  deriveMcKeKey,
  deriveMcRootKey10,
  deriveMcRootKey11,
  deriveMulticastSessionKeys,
  unwrapMcKey,
  wrapMcKey,
} from "../../src/lorawan/keys/multicast-keys.ts";
import { deriveRelaySessionKeys, deriveRootWorSKey } from "../../src/lorawan/keys/relay-keys.ts";
import {
  deriveSessionKeys10,
  deriveSessionKeys11,
  type SessionKeys,
} from "../../src/lorawan/keys/session-keys.ts";
import {
  CRYPTO_KINDS,
  LORAWAN_KINDS,
  type Vector,
  vectors,
  vectorsOf,
} from "../support/lorawan-vectors.ts";

/** The inputs of one vector by name and type; a missing one fails the test. */
class Inputs {
  readonly #vector: Vector;

  constructor(vector: Vector) {
    this.#vector = vector;
  }

  has(name: string): boolean {
    return this.#vector.inputs[name] !== undefined;
  }

  text(name: string): string {
    const value = this.#vector.inputs[name];
    assert.equal(typeof value, "string", `${name} of ${this.#vector.name}`);
    return value as string;
  }

  /** A JSON number, or a nonce written in hex, most significant byte first. */
  number(name: string): number {
    const value = this.#vector.inputs[name];
    assert.notEqual(value, undefined, `${name} of ${this.#vector.name}`);
    return typeof value === "number" ? value : Number.parseInt(value as string, 16);
  }

  bytes(name: string): Uint8Array {
    return parseHex(this.text(name));
  }

  key(name: string): Aes128Key {
    return importAes128Key(this.bytes(name));
  }

  direction(): Direction {
    return this.text("dir") === "00" ? "up" : "down";
  }
}

type Outputs = Vector["outputs"];

function keyHex(key: Aes128Key): string {
  return formatHex(exportAes128Key(key));
}

function hexOf(keys: SessionKeys) {
  return {
    f_nwk_s_int_key: keyHex(keys.fNwkSIntKey),
    s_nwk_s_int_key: keyHex(keys.sNwkSIntKey),
    nwk_s_enc_key: keyHex(keys.nwkSEncKey),
    app_s_key: keyHex(keys.appSKey),
  };
}

const CHECKS: Record<(typeof LORAWAN_KINDS)[number], (inputs: Inputs, outputs: Outputs) => void> = {
  "join-request"(inputs, outputs) {
    const message = inputs.bytes("phy_without_mic");
    const key = inputs.key("key");
    const mic = computeJoinRequestMic(message, key);
    assert.equal(formatHex(mic), outputs["mic"]);
    const phyPayload = new Uint8Array([...message, ...mic]);
    assert.ok(verifyJoinRequestMic(phyPayload, key));
    const { joinEui, devEui, devNonce } = decodeJoinRequest(phyPayload);
    assert.deepEqual(
      { join_eui: joinEui, dev_eui: devEui, dev_nonce: devNonce.toString(16).padStart(4, "0") },
      {
        join_eui: outputs["join_eui"],
        dev_eui: outputs["dev_eui"],
        dev_nonce: outputs["dev_nonce"],
      },
    );
    assert.deepEqual(encodeJoinRequest({ joinEui, devEui, devNonce }, key), phyPayload);
  },

  "join-accept-1.0"(inputs, outputs) {
    const key = inputs.key("app_key");
    const phyPayload = inputs.bytes("phy_encrypted");
    const plaintext = decryptJoinAccept(phyPayload, key);
    assert.equal(formatHex(plaintext), outputs["phy_plain"]);
    const { mic: _, ...joinAccept } = openJoinAccept({
      phyPayload,
      encryptionKey: key,
      rootKey: key,
    });
    const built = buildJoinAccept({ joinAccept, mic: { scheme: "1.0", key }, encryptionKey: key });
    assert.deepEqual(built, phyPayload);
  },

  "join-accept-1.1"(inputs, outputs) {
    assert.equal(inputs.text("cf_list"), "");
    const joinAccept = {
      joinNonce: inputs.number("join_nonce"),
      netId: parseNetId(inputs.text("net_id")),
      devAddr: parseDevAddr(inputs.text("dev_addr")),
      dlSettings: decodeDlSettings(inputs.number("dl_settings")),
      rxDelay: inputs.number("rx_delay"),
    };
    const mic11 = {
      jsIntKey: inputs.key("js_int_key"),
      joinReqType: Number.parseInt(inputs.text("join_req_type"), 16) as JoinReqType,
      joinEui: parseEui64(inputs.text("join_eui")),
      devNonce: inputs.number("dev_nonce"),
    };
    const encryptionKey = inputs.key("enc_key");
    const phyPayload = buildJoinAccept({
      joinAccept,
      mic: { scheme: "1.1", ...mic11 },
      encryptionKey,
    });
    assert.equal(formatHex(phyPayload), outputs["phy_encrypted"]);
    const opened = openJoinAccept({ phyPayload, encryptionKey, rootKey: encryptionKey, mic11 });
    assert.deepEqual({ ...joinAccept, mic: opened.mic }, opened);
  },

  "join-accept-encrypt"(inputs, outputs) {
    const plaintext = new Uint8Array([0x20, ...inputs.bytes("plain")]);
    const encrypted = encryptJoinAccept(plaintext, inputs.key("key"));
    assert.equal(formatHex(encrypted), `20${outputs["encrypted"]}`);
    assert.deepEqual(decryptJoinAccept(encrypted, inputs.key("key")), plaintext);
  },

  "join-accept-mic-1.0"(inputs, outputs) {
    const mic = computeJoinAcceptMic(inputs.bytes("msg"), {
      scheme: "1.0",
      key: inputs.key("key"),
    });
    assert.equal(formatHex(mic), outputs["mic"]);
  },

  "join-accept-mic-1.1"(inputs, outputs) {
    const mic = computeJoinAcceptMic(inputs.bytes("msg"), {
      scheme: "1.1",
      jsIntKey: inputs.key("js_int_key"),
      joinReqType: Number.parseInt(inputs.text("join_req_type"), 16) as JoinReqType,
      joinEui: parseEui64(inputs.text("join_eui")),
      devNonce: inputs.number("dev_nonce"),
    });
    assert.equal(formatHex(mic), outputs["mic"]);
  },

  "session-keys-1.0"(inputs, outputs) {
    const keys = deriveSessionKeys10({
      key: inputs.key("app_key"),
      joinNonce: inputs.number("join_nonce"),
      netId: parseNetId(inputs.text("net_id")),
      devNonce: inputs.number("dev_nonce"),
    });
    assert.equal(keyHex(keys.fNwkSIntKey), outputs["nwk_s_key"]);
    assert.equal(keyHex(keys.appSKey), outputs["app_s_key"]);
    assert.equal(keys.sNwkSIntKey, keys.fNwkSIntKey);
    assert.equal(keys.nwkSEncKey, keys.fNwkSIntKey);
  },

  "session-keys-1.1"(inputs, outputs) {
    const keys = deriveSessionKeys11({
      nwkKey: inputs.key("nwk_key"),
      appKey: inputs.key("app_key"),
      joinNonce: inputs.number("join_nonce"),
      joinEui: parseEui64(inputs.text("join_eui")),
      devNonce: inputs.number("dev_nonce"),
    });
    assert.deepEqual(hexOf(keys), outputs);
  },

  "session-keys-1.1-optneg0"(inputs, outputs) {
    const nonces = {
      joinNonce: inputs.number("join_nonce"),
      netId: parseNetId(inputs.text("net_id")),
      devNonce: inputs.number("dev_nonce"),
    };
    const keys = deriveSessionKeys10({ key: inputs.key("nwk_key"), ...nonces });
    assert.equal(keyHex(keys.fNwkSIntKey), outputs["f_nwk_s_int_key"]);
    // The source derives three more keys that the specification does not know for OptNeg unset.
    assert.notEqual(keyHex(keys.sNwkSIntKey), outputs["type03_nwk_key"]);
    assert.notEqual(keyHex(keys.nwkSEncKey), outputs["type04_nwk_key"]);
    assert.notEqual(keyHex(keys.appSKey), outputs["type02_app_key"]);
    const withAppKey = deriveSessionKeys10({ key: inputs.key("app_key"), ...nonces });
    assert.equal(keyHex(withAppKey.appSKey), outputs["type02_app_key"]);
  },

  "negative-rejoin-keys"(inputs, outputs) {
    const keys = hexOf(
      deriveSessionKeys11({
        nwkKey: inputs.key("nwk_key"),
        appKey: inputs.key("app_key"),
        joinNonce: inputs.number("join_nonce"),
        joinEui: parseEui64(inputs.text("join_eui")),
        devNonce: inputs.number("rjcount"),
      }),
    );
    for (const [name, key] of Object.entries(keys)) {
      assert.notEqual(key, outputs[name]);
    }
    assert.equal(keys.f_nwk_s_int_key, "7aae91b421cd273a1573d1edf5b23e75");
    assert.equal(keys.s_nwk_s_int_key, "c4f1b16a0468e82070b6ad7dee6ca23d");
    assert.equal(keys.nwk_s_enc_key, "b2b6ee36b4a683fb67e2e7d11bffca94");
    assert.equal(keys.app_s_key, "fe357ecee6df7b7c1a178324db1d1a7a");
  },

  "js-keys"(inputs, outputs) {
    const nwkKey = inputs.key("nwk_key");
    const devEui = parseEui64(inputs.text("dev_eui"));
    assert.equal(keyHex(deriveJsIntKey(nwkKey, devEui)), outputs["js_int_key"]);
    assert.equal(keyHex(deriveJsEncKey(nwkKey, devEui)), outputs["js_enc_key"]);
  },

  "rejoin-request"(inputs, outputs) {
    const key = inputs.key("key");
    const message = inputs.bytes("phy_without_mic");
    const mic = computeRejoinRequestMic(message, key);
    assert.equal(formatHex(mic), outputs["mic"]);
    const phyPayload = new Uint8Array([...message, ...mic]);
    assert.ok(verifyRejoinRequestMic(phyPayload, key));
    const decoded = decodeRejoinRequest(phyPayload);
    assert.equal(inputs.text("key_is"), decoded.rejoinType === 1 ? "JSIntKey" : "SNwkSIntKey");
    assert.deepEqual(encodeRejoinRequest(decoded, key), phyPayload);
  },

  "data-up-1.0": checkDataFrame10,
  "data-down-1.0": checkDataFrame10,

  "data-up-1.1"(inputs, outputs) {
    const phyPayload = inputs.bytes("phy");
    const frame = decodeDataFrame(phyPayload);
    assert.equal(frame.isUplink, true);
    assert.equal(formatHex(frame.mic), outputs["mic"]);
    const input = {
      fCntUp: inputs.number("fcnt32"),
      confFCnt: inputs.number("conf_fcnt"),
      txDr: inputs.number("tx_dr"),
      txCh: inputs.number("tx_ch"),
      fNwkSIntKey: inputs.key("f_nwk_s_int_key"),
      sNwkSIntKey: inputs.key("s_nwk_s_int_key"),
    };
    const phyPayloadWithoutMic = splitMic(phyPayload).message;
    assert.equal(formatHex(computeUplinkMic11({ ...input, phyPayloadWithoutMic })), outputs["mic"]);
    assert.ok(verifyUplinkMic11({ ...input, phyPayload }));
    checkFrmPayload(inputs, outputs);
  },

  "data-down-1.1"(inputs, outputs) {
    const phyPayload = inputs.bytes("phy");
    const frame = decodeDataFrame(phyPayload);
    assert.equal(frame.isUplink, false);
    const input = {
      fCntDown: inputs.number("fcnt32"),
      confFCnt: inputs.number("conf_fcnt"),
      sNwkSIntKey: inputs.key("s_nwk_s_int_key"),
    };
    const phyPayloadWithoutMic = splitMic(phyPayload).message;
    assert.equal(
      formatHex(computeDownlinkMic11({ ...input, phyPayloadWithoutMic })),
      outputs["mic"],
    );
    assert.ok(verifyDownlinkMic11({ ...input, phyPayload }));
    if (outputs["fopts_plain"] !== undefined) {
      const fOpts = cipherFOpts({
        nwkSEncKey: inputs.key("nwk_s_enc_key"),
        direction: "down",
        devAddr: frame.devAddr,
        fCnt32: inputs.number("fcnt32"),
        aFCnt: frame.fPort !== undefined && frame.fPort > 0,
        fOpts: frame.fOpts,
      });
      assert.equal(formatHex(fOpts), outputs["fopts_plain"]);
    }
    checkFrmPayload(inputs, outputs);
  },

  "data-mic-1.0"(inputs, outputs) {
    const mic = computeDataMic10({
      phyPayloadWithoutMic: inputs.bytes("msg"),
      direction: inputs.direction(),
      fCnt32: inputs.number("fcnt32"),
      nwkSKey: inputs.key("nwk_s_key"),
    });
    assert.equal(formatHex(mic), outputs["mic"]);
  },

  "data-mic-1.1"(inputs, outputs) {
    const counters = {
      phyPayloadWithoutMic: inputs.bytes("msg"),
      confFCnt: inputs.number("conf_fcnt"),
      sNwkSIntKey: inputs.key("s_nwk_s_int_key"),
    };
    const mic =
      inputs.direction() === "up"
        ? computeUplinkMic11({
            ...counters,
            fCntUp: inputs.number("fcnt32"),
            txDr: inputs.number("tx_dr"),
            txCh: inputs.number("tx_ch"),
            fNwkSIntKey: inputs.key("f_nwk_s_int_key"),
          })
        : computeDownlinkMic11({ ...counters, fCntDown: inputs.number("fcnt32") });
    assert.equal(formatHex(mic), outputs["mic"]);
  },

  "frm-payload-crypt"(inputs, outputs) {
    const input = {
      key: inputs.key("key"),
      direction: inputs.direction(),
      devAddr: parseDevAddr(inputs.text("dev_addr")),
      fCnt32: inputs.number("fcnt32"),
    };
    const encrypted = cipherFrmPayload({ ...input, payload: inputs.bytes("plain") });
    assert.equal(formatHex(encrypted), outputs["encrypted"]);
    assert.deepEqual(cipherFrmPayload({ ...input, payload: encrypted }), inputs.bytes("plain"));
  },

  "fopts-crypt-1.1"(inputs, outputs) {
    const encrypted = cipherFOpts({
      nwkSEncKey: inputs.key("nwk_s_enc_key"),
      direction: inputs.direction(),
      devAddr: parseDevAddr(inputs.text("dev_addr")),
      fCnt32: inputs.number("fcnt32"),
      aFCnt: inputs.text("frame_type") === "02",
      fOpts: inputs.bytes("plain"),
    });
    assert.equal(formatHex(encrypted), outputs["encrypted"]);
  },

  "mc-root-key"(inputs, outputs) {
    const mcRootKey = inputs.has("gen_app_key")
      ? deriveMcRootKey10(inputs.key("gen_app_key"))
      : deriveMcRootKey11(inputs.key("app_key"));
    assert.equal(keyHex(mcRootKey), outputs["mc_root_key"]);
  },

  "mc-ke-key"(inputs, outputs) {
    assert.equal(keyHex(deriveMcKeKey(inputs.key("mc_root_key"))), outputs["mc_ke_key"]);
  },

  "mc-session-keys"(inputs, outputs) {
    const mcAddr = parseDevAddr(inputs.text("mc_addr"));
    const { mcAppSKey, mcNwkSKey } = deriveMulticastSessionKeys(inputs.key("mc_key"), mcAddr);
    assert.equal(keyHex(mcAppSKey), outputs["mc_app_s_key"]);
    assert.equal(keyHex(mcNwkSKey), outputs["mc_nwk_s_key"]);
  },

  "mc-key-wrap"(inputs, outputs) {
    const encrypted = wrapMcKey(inputs.key("mc_ke_key"), inputs.key("mc_key"));
    assert.equal(formatHex(encrypted), outputs["mc_key_encrypted"]);
    assert.equal(keyHex(unwrapMcKey(inputs.key("mc_ke_key"), encrypted)), inputs.text("mc_key"));
  },

  "relay-root-wor-key"(inputs, outputs) {
    assert.equal(keyHex(deriveRootWorSKey(inputs.key("nwk_s_enc_key"))), outputs["root_wor_s_key"]);
  },

  "relay-wor-session-keys"(inputs, outputs) {
    const rootWorSKey = inputs.has("root_wor_s_key")
      ? inputs.key("root_wor_s_key")
      : deriveRootWorSKey(inputs.key("nwk_s_enc_key"));
    const devAddr = parseDevAddr(inputs.text("dev_addr"));
    const { worSIntKey, worSEncKey } = deriveRelaySessionKeys(rootWorSKey, devAddr);
    assert.equal(keyHex(rootWorSKey), outputs["root_wor_s_key"] ?? keyHex(rootWorSKey));
    assert.equal(keyHex(worSIntKey), outputs["wor_s_int_key"]);
    assert.equal(keyHex(worSEncKey), outputs["wor_s_enc_key"]);
  },
};

function checkDataFrame10(inputs: Inputs, outputs: Outputs): void {
  const phyPayload = inputs.bytes("phy");
  const frame = decodeDataFrame(phyPayload);
  const fCnt32 = inputs.number("fcnt32");
  assert.equal(frame.fCnt, fCnt32 % 0x10000);
  if (outputs["mic"] !== undefined) {
    const nwkSKey = inputs.key("nwk_s_key");
    const direction = frame.isUplink ? "up" : "down";
    const phyPayloadWithoutMic = splitMic(phyPayload).message;
    const mic = computeDataMic10({ phyPayloadWithoutMic, direction, fCnt32, nwkSKey });
    assert.equal(formatHex(mic), outputs["mic"]);
    assert.equal(formatHex(frame.mic), outputs["mic"]);
    assert.ok(verifyDataMic10({ phyPayload, nwkSKey, fCnt32 }));
  }
  checkFrmPayload(inputs, outputs);
}

function checkFrmPayload(inputs: Inputs, outputs: Outputs): void {
  if (outputs["frm_payload"] === undefined) {
    return;
  }
  const frame = decodeDataFrame(inputs.bytes("phy"));
  // One source encrypts its payload of FPort 0 under a key of its own, "frm_key".
  const networkKey = ["frm_key", "nwk_s_enc_key", "nwk_s_key"].find((name) => inputs.has(name));
  const keyName = frame.fPort === 0 ? networkKey : "app_s_key";
  const payload = cipherFrmPayload({
    key: inputs.key(keyName as string),
    direction: frame.isUplink ? "up" : "down",
    devAddr: frame.devAddr,
    fCnt32: inputs.number("fcnt32"),
    payload: frame.frmPayload,
  });
  assert.equal(formatHex(payload), outputs["frm_payload"]);
}

for (const kind of LORAWAN_KINDS) {
  describe(`published vectors: ${kind}`, () => {
    for (const vector of vectorsOf(kind)) {
      it(`${vector.name} (${vector.source})`, () => {
        CHECKS[kind](new Inputs(vector), vector.outputs);
      });
    }
  });
}

describe("the file of vectors", () => {
  it("has no kind that no test consumes, and no test without vectors", () => {
    const consumed = [...CRYPTO_KINDS, ...LORAWAN_KINDS].sort();
    assert.deepEqual([...new Set(vectors.map(({ kind }) => kind))].sort(), consumed);
  });

  it("decodes the accept with CFList to the values its source asserts", () => {
    const vector = vectorsOf("join-accept-1.0").find(({ name }) => name.includes("CFList"));
    const joinAccept = decodeJoinAccept(parseHex(vector?.outputs["phy_plain"] ?? ""));
    assert.equal(joinAccept.joinNonce, 0x010203);
    assert.equal(joinAccept.rxDelay, 3);
    assert.deepEqual(joinAccept.dlSettings, decodeDlSettings(0x12));
  });
});
