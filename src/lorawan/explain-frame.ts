import { ByteReader } from "./byte-reader.ts";
import { explainDataFrame } from "./explain/explain-data-frame.ts";
import { explainJoinAccept } from "./explain/explain-join-accept.ts";
import { explainJoinRequest, explainRejoinRequest } from "./explain/explain-join-frame.ts";
import type { ExplainContext, FrameExplanation } from "./explain/frame-explanation.ts";
import { formatHex } from "./hex.ts";
import { decodeMhdr, MType } from "./mhdr.ts";

type Explain = (
  phyPayload: Uint8Array,
  context: ExplainContext,
) => Omit<FrameExplanation, "messageType" | "lengthBytes">;

const EXPLAIN: Readonly<Record<MType, readonly [messageType: string, explain: Explain]>> = {
  [MType.JoinRequest]: ["Join-request", explainJoinRequest],
  [MType.JoinAccept]: ["Join-accept", explainJoinAccept],
  [MType.UnconfirmedDataUp]: ["Unconfirmed Data Up", explainDataFrame],
  [MType.UnconfirmedDataDown]: ["Unconfirmed Data Down", explainDataFrame],
  [MType.ConfirmedDataUp]: ["Confirmed Data Up", explainDataFrame],
  [MType.ConfirmedDataDown]: ["Confirmed Data Down", explainDataFrame],
  [MType.RejoinRequest]: ["Rejoin-request", explainRejoinRequest],
  [MType.Proprietary]: [
    "Proprietary",
    (phyPayload) => ({ fields: { payload: formatHex(phyPayload.subarray(1)) } }),
  ],
};

/**
 * Explains any PHYPayload as far as the context allows: the type, every field by the name that the
 * specification gives it, whether the MIC is right, and what was encrypted in clear.
 *
 * @throws WarrenError as the decoder of the frame's type does, `frame-too-short` for no bytes at all
 */
export function explainFrame(
  phyPayload: Uint8Array,
  context: ExplainContext = {},
): FrameExplanation {
  const mType = decodeMhdr(new ByteReader(phyPayload).uint8("MHDR"));
  const [messageType, explain] = EXPLAIN[mType];
  return { messageType, lengthBytes: phyPayload.length, ...explain(phyPayload, context) };
}
