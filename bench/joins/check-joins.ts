import { exportAes128Key, importAes128Key } from "../../src/crypto/aes128.ts";
import { importKek, unwrapKey } from "../../src/crypto/key-wrap.ts";
import { formatHex, parseHex } from "../../src/lorawan/hex.ts";
import { parseEui64 } from "../../src/lorawan/identifiers.ts";
import { JoinReqType } from "../../src/lorawan/join/join-accept-mic.ts";
import { encodeJoinRequest } from "../../src/lorawan/join/join-request.ts";
import { openJoinAccept } from "../../src/lorawan/join/secure-join-accept.ts";
import { deriveJsIntKey } from "../../src/lorawan/keys/join-server-keys.ts";
import { deriveSessionKeys11 } from "../../src/lorawan/keys/session-keys.ts";
import { BENCH_JOIN_EUI, benchDevEui } from "../join-load.ts";
import { LOAD_DEVICES, rootKeyOf } from "./population.ts";
import { joinReqText } from "./prepared-requests.ts";

const NS_KEK = importKek(new Uint8Array(16).fill(0x11));
const AS_KEK = importKek(new Uint8Array(16).fill(0x22));
const ENVELOPES = {
  FNwkSIntKey: { key: "fNwkSIntKey", kek: NS_KEK },
  SNwkSIntKey: { key: "sNwkSIntKey", kek: NS_KEK },
  NwkSEncKey: { key: "nwkSEncKey", kek: NS_KEK },
  AppSKey: { key: "appSKey", kek: AS_KEK },
} as const;

interface JoinAnswer {
  readonly Result: { readonly ResultCode: string };
  readonly PHYPayload: string;
  readonly [envelope: string]: unknown;
}

/**
 * Joins `count` devices of their own, one after the other, as a device and both of its servers would see
 * it: ResultCode, MIC of the Join-accept, and all four session keys out of their wrapping.
 *
 * @throws Error on the first one that is not right
 */
export async function checkJoins(url: string, count: number, devNonce: number): Promise<void> {
  for (let sample = 0; sample < count; sample++) {
    await checkJoin(url, LOAD_DEVICES + sample, devNonce);
  }
}

async function checkJoin(url: string, index: number, devNonce: number): Promise<void> {
  const nwkKey = importAes128Key(rootKeyOf("NwkKey", index));
  const appKey = importAes128Key(rootKeyOf("AppKey", index));
  const devEui = parseEui64(benchDevEui(index));
  const frame = encodeJoinRequest({ joinEui: BENCH_JOIN_EUI, devEui, devNonce }, nwkKey);
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: joinReqText(index, formatHex(frame)),
  });
  const answer = (await response.json()) as JoinAnswer;
  if (answer.Result.ResultCode !== "Success") throw new Error(`refused: ${JSON.stringify(answer)}`);
  const mic11 = {
    jsIntKey: deriveJsIntKey(nwkKey, devEui),
    joinReqType: JoinReqType.JoinRequest,
    joinEui: BENCH_JOIN_EUI,
    devNonce,
  };
  const { joinNonce } = openJoinAccept({
    phyPayload: parseHex(answer.PHYPayload),
    encryptionKey: nwkKey,
    rootKey: nwkKey,
    mic11,
  });
  const keys = deriveSessionKeys11({
    nwkKey,
    appKey,
    joinNonce,
    joinEui: BENCH_JOIN_EUI,
    devNonce,
  });
  for (const [name, { key, kek }] of Object.entries(ENVELOPES)) {
    const { AESKey } = answer[name] as { AESKey: string };
    const unwrapped = unwrapKey(kek, parseHex(AESKey, 24));
    if (formatHex(unwrapped) !== formatHex(exportAes128Key(keys[key]))) {
      throw new Error(`${name} of ${devEui} is not the one the device derives`);
    }
  }
}
