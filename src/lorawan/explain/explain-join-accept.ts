import type { Aes128Key } from "../../crypto/aes128.ts";
import { formatHex } from "../hex.ts";
import { decodeCfList } from "../join/cf-list.ts";
import {
  decodeJoinAccept,
  type JoinAccept,
  type ReceivedJoinAccept,
  requireJoinAcceptLength,
} from "../join/join-accept.ts";
import { type JoinAcceptMic, JoinReqType } from "../join/join-accept-mic.ts";
import { decryptJoinAccept, verifyJoinAcceptMic } from "../join/secure-join-accept.ts";
import { deriveJsEncKey, deriveJsIntKey } from "../keys/join-server-keys.ts";
import {
  checkedMic,
  type ExplainContext,
  type FrameExplanation,
  type JsonObject,
  type MicExplanation,
  uncheckedMic,
} from "./frame-explanation.ts";

type Explanation = Omit<FrameExplanation, "messageType" | "lengthBytes">;

/** One way in which a Join-accept may have been made. */
interface Attempt {
  readonly plaintext: Uint8Array;
  readonly mic: JoinAcceptMic;
  readonly detail: string;
}

/**
 * A Join-accept does not show how it was made, so everything that the context allows is tried: encrypted
 * under the root key or JSEncKey, the MIC of 1.0 or of 1.1, in answer to a join or to a rejoin. OptNeg does
 * not narrow it down: a server that contradicts itself is what one wants to see.
 */
export function explainJoinAccept(phyPayload: Uint8Array, context: ExplainContext): Explanation {
  requireJoinAcceptLength(phyPayload);
  const fields = { encrypted: formatHex(phyPayload.subarray(1)) };
  const keys = completeKeys(context);
  const encryptionKey = keys.rootKey ?? keys.jsEncKey;
  if (encryptionKey === undefined) {
    const detail = "needs AppKey or NwkKey, or JSEncKey, to decrypt";
    return { fields, mic: { status: "not checked", detail } };
  }
  const attempts = listAttempts(phyPayload, keys);
  const right = attempts.find(({ plaintext, mic }) => verifyJoinAcceptMic(plaintext, mic));
  const plaintext = right?.plaintext ?? decryptJoinAccept(phyPayload, encryptionKey);
  const joinAccept = decodeJoinAccept(plaintext);
  return {
    fields,
    mic: describeMic(joinAccept, right, attempts),
    decrypted: { ...describeJoinAccept(joinAccept), MIC: formatHex(joinAccept.mic) },
  };
}

/** Fills in JSIntKey and JSEncKey where the root key and DevEUI give them. */
function completeKeys(context: ExplainContext): ExplainContext {
  const { rootKey, devEui } = context;
  if (rootKey === undefined || devEui === undefined) {
    return context;
  }
  return {
    jsIntKey: deriveJsIntKey(rootKey, devEui),
    jsEncKey: deriveJsEncKey(rootKey, devEui),
    ...context,
  };
}

function listAttempts(phyPayload: Uint8Array, context: ExplainContext): Attempt[] {
  const { rootKey, jsEncKey } = context;
  const { JoinRequest, RejoinRequest0, RejoinRequest1, RejoinRequest2 } = JoinReqType;
  return [
    ...attemptsUnder(rootKey, "root key", [JoinRequest]),
    ...attemptsUnder(jsEncKey, "JSEncKey", [RejoinRequest0, RejoinRequest1, RejoinRequest2]),
  ];

  function attemptsUnder(
    key: Aes128Key | undefined,
    keyName: string,
    joinReqTypes: readonly JoinReqType[],
  ): Attempt[] {
    if (key === undefined) {
      return [];
    }
    const plaintext = decryptJoinAccept(phyPayload, key);
    return listMics(context, joinReqTypes).map(({ mic, name }) => ({
      plaintext,
      mic,
      detail: `encrypted under the ${keyName}, MIC of ${name}`,
    }));
  }
}

function listMics(
  context: ExplainContext,
  joinReqTypes: readonly JoinReqType[],
): { mic: JoinAcceptMic; name: string }[] {
  const { rootKey, jsIntKey, joinEui, devNonce } = context;
  const mics: { mic: JoinAcceptMic; name: string }[] = [];
  if (rootKey !== undefined) {
    mics.push({ mic: { scheme: "1.0", key: rootKey }, name: "1.0" });
  }
  if (jsIntKey !== undefined && joinEui !== undefined && devNonce !== undefined) {
    for (const joinReqType of joinReqTypes) {
      mics.push({
        mic: { scheme: "1.1", jsIntKey, joinReqType, joinEui, devNonce },
        name: `1.1 with JoinReqType ${formatHex(new Uint8Array([joinReqType]))}`,
      });
    }
  }
  return mics;
}

/** With OptNeg set and no means to try the MIC of 1.1, a wrong MIC of 1.0 says nothing. */
function describeMic(
  joinAccept: ReceivedJoinAccept,
  right: Attempt | undefined,
  attempts: readonly Attempt[],
): MicExplanation {
  const value = formatHex(joinAccept.mic);
  if (right !== undefined) {
    return checkedMic(value, true, right.detail);
  }
  const hasTried11 = attempts.some(({ mic }) => mic.scheme === "1.1");
  if (hasTried11 || (attempts.length > 0 && !joinAccept.dlSettings.optNeg)) {
    return checkedMic(value, false, `tried: ${attempts.map(({ detail }) => detail).join("; ")}`);
  }
  return uncheckedMic(
    value,
    "the MIC of 1.0 needs the root key; that of 1.1 JSIntKey or DevEUI, JoinEUI, and DevNonce or RJcount",
  );
}

function describeJoinAccept(joinAccept: JoinAccept): JsonObject {
  const { optNeg, rx1DrOffset, rx2DataRate } = joinAccept.dlSettings;
  return {
    JoinNonce: joinAccept.joinNonce,
    NetID: joinAccept.netId,
    DevAddr: joinAccept.devAddr,
    DLSettings: { OptNeg: optNeg, RX1DRoffset: rx1DrOffset, RX2DataRate: rx2DataRate },
    RxDelay: joinAccept.rxDelay,
    ...(joinAccept.cfList !== undefined && { CFList: describeCfList(joinAccept.cfList) }),
  };
}

function describeCfList(bytes: Uint8Array): JsonObject {
  const cfList = decodeCfList(bytes);
  const description = { CFListType: cfList.type };
  if ("frequenciesHz" in cfList) {
    return { ...description, frequenciesHz: cfList.frequenciesHz };
  }
  return "channelMasks" in cfList
    ? { ...description, ChMask: cfList.channelMasks }
    : { ...description, raw: formatHex(cfList.raw) };
}
