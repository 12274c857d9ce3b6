import type { Aes128Key } from "../../crypto/aes128.ts";
import { formatHex } from "../hex.ts";
import { decodeJoinRequest, verifyJoinRequestMic } from "../join/join-request.ts";
import { decodeRejoinRequest, verifyRejoinRequestMic } from "../join/rejoin-request.ts";
import { deriveJsIntKey } from "../keys/join-server-keys.ts";
import {
  checkedMic,
  type ExplainContext,
  type FrameExplanation,
  type MicExplanation,
  uncheckedMic,
} from "./frame-explanation.ts";

type Explanation = Omit<FrameExplanation, "messageType" | "lengthBytes">;

export function explainJoinRequest(phyPayload: Uint8Array, context: ExplainContext): Explanation {
  const { joinEui, devEui, devNonce, mic } = decodeJoinRequest(phyPayload);
  return {
    fields: { JoinEUI: joinEui, DevEUI: devEui, DevNonce: devNonce, MIC: formatHex(mic) },
    mic: checkMic(
      { name: "AppKey or NwkKey", key: context.rootKey },
      { value: formatHex(mic), verify: (key) => verifyJoinRequestMic(phyPayload, key) },
    ),
  };
}

export function explainRejoinRequest(phyPayload: Uint8Array, context: ExplainContext): Explanation {
  const frame = decodeRejoinRequest(phyPayload);
  const mic = formatHex(frame.mic);
  const check = { value: mic, verify: (key: Aes128Key) => verifyRejoinRequestMic(phyPayload, key) };
  if (frame.rejoinType === 1) {
    return {
      fields: {
        "Rejoin Type": 1,
        JoinEUI: frame.joinEui,
        DevEUI: frame.devEui,
        RJcount1: frame.rjCount1,
        MIC: mic,
      },
      // The frame itself names the DevEUI from which the key derives.
      mic: checkMic(
        {
          name: "JSIntKey",
          key:
            context.jsIntKey ?? (context.rootKey && deriveJsIntKey(context.rootKey, frame.devEui)),
        },
        check,
      ),
    };
  }
  const session = context.session;
  return {
    fields: {
      "Rejoin Type": frame.rejoinType,
      NetID: frame.netId,
      DevEUI: frame.devEui,
      RJcount0: frame.rjCount0,
      MIC: mic,
    },
    mic: checkMic(
      { name: "SNwkSIntKey", key: session?.version === "1.1" ? session.sNwkSIntKey : undefined },
      check,
    ),
  };
}

function checkMic(
  named: { readonly name: string; readonly key: Aes128Key | undefined },
  mic: { readonly value: string; readonly verify: (key: Aes128Key) => boolean },
): MicExplanation {
  return named.key === undefined
    ? uncheckedMic(mic.value, `needs ${named.name}`)
    : checkedMic(mic.value, mic.verify(named.key), `under ${named.name}`);
}
