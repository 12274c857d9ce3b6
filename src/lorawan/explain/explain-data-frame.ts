import { WarrenError } from "../../errors.ts";
import { type DataFrame, decodeDataFrame } from "../data/data-frame.ts";
import { verifyDataMic10, verifyDownlinkMic11, verifyUplinkMic11 } from "../data/data-mic.ts";
import { cipherFOpts, cipherFrmPayload } from "../data/payload-cipher.ts";
import type { Direction } from "../direction.ts";
import { formatHex } from "../hex.ts";
import {
  checkedMic,
  type ExplainContext,
  type FrameExplanation,
  type JsonObject,
  type MicExplanation,
  type SessionContext11,
  uncheckedMic,
} from "./frame-explanation.ts";

type Explanation = Omit<FrameExplanation, "messageType" | "lengthBytes">;

/** The fields in clear, as far as the session's keys go. */
interface ClearFields {
  readonly fOpts?: Uint8Array;
  readonly frmPayload?: Uint8Array;
}

/** @throws WarrenError as `decodeDataFrame`; `value-out-of-range` when `fCnt32` does not end in FCnt */
export function explainDataFrame(phyPayload: Uint8Array, context: ExplainContext): Explanation {
  const frame = decodeDataFrame(phyPayload);
  const fCnt32 = fullCounter(frame, context);
  const clear = decryptFields(frame, fCnt32, context);
  const decrypted = describeDecrypted(clear, context);
  return {
    fields: describeFields(frame),
    mic: checkMic(phyPayload, frame, { ...context, fCnt32 }),
    ...(decrypted !== undefined && { decrypted }),
    ...describeMacCommands(frame, clear, context),
  };
}

function fullCounter(frame: DataFrame, context: ExplainContext): number {
  const fCnt32 = context.session?.fCnt32 ?? frame.fCnt;
  if (fCnt32 % 0x10000 !== frame.fCnt) {
    throw new WarrenError(
      "value-out-of-range",
      `counter ${fCnt32} does not end in FCnt ${frame.fCnt}`,
    );
  }
  return fCnt32;
}

function describeFields(frame: DataFrame): JsonObject {
  const { fOpts, fPort } = frame;
  return {
    DevAddr: frame.devAddr,
    FCtrl: { ...describeFCtrl(frame), FOptsLen: fOpts.length },
    FCnt: frame.fCnt,
    ...(fOpts.length > 0 && { FOpts: formatHex(fOpts) }),
    ...(fPort !== undefined && { FPort: fPort, FRMPayload: formatHex(frame.frmPayload) }),
    MIC: formatHex(frame.mic),
  };
}

function describeFCtrl(frame: DataFrame): JsonObject {
  if (frame.isUplink) {
    const { adr, adrAckReq, ack, classB } = frame.fCtrl;
    return { ADR: adr, ADRACKReq: adrAckReq, ACK: ack, ClassB: classB };
  }
  const { adr, ack, fPending } = frame.fCtrl;
  return { ADR: adr, ACK: ack, FPending: fPending };
}

function checkMic(
  phyPayload: Uint8Array,
  frame: DataFrame,
  context: ExplainContext & { readonly fCnt32: number },
): MicExplanation {
  const value = formatHex(frame.mic);
  const { session, fCnt32 } = context;
  if (session === undefined) {
    return uncheckedMic(value, "needs the session keys");
  }
  if (session.version === "1.1") {
    return frame.isUplink
      ? checkUplinkMic11(phyPayload, value, { ...session, fCnt32 })
      : checkDownlinkMic11(phyPayload, value, { ...session, fCnt32 });
  }
  const { nwkSKey } = session;
  return nwkSKey === undefined
    ? uncheckedMic(value, "needs NwkSKey")
    : checkedMic(
        value,
        verifyDataMic10({ phyPayload, nwkSKey, fCnt32 }),
        "MIC of 1.0 under NwkSKey",
      );
}

type Session11 = SessionContext11 & { readonly fCnt32: number };

function checkUplinkMic11(
  phyPayload: Uint8Array,
  value: string,
  session: Session11,
): MicExplanation {
  const { fNwkSIntKey, sNwkSIntKey, txDr, txCh, confFCnt = 0 } = session;
  if (
    fNwkSIntKey === undefined ||
    sNwkSIntKey === undefined ||
    txDr === undefined ||
    txCh === undefined
  ) {
    return uncheckedMic(value, "needs FNwkSIntKey, SNwkSIntKey, TxDr and TxCh");
  }
  const input = { phyPayload, fNwkSIntKey, sNwkSIntKey, txDr, txCh, confFCnt };
  return checkedMic(
    value,
    verifyUplinkMic11({ ...input, fCntUp: session.fCnt32 }),
    "MIC of 1.1 under SNwkSIntKey and FNwkSIntKey",
  );
}

function checkDownlinkMic11(
  phyPayload: Uint8Array,
  value: string,
  session: Session11,
): MicExplanation {
  const { sNwkSIntKey, confFCnt = 0, fCnt32 } = session;
  return sNwkSIntKey === undefined
    ? uncheckedMic(value, "needs SNwkSIntKey")
    : checkedMic(
        value,
        verifyDownlinkMic11({ phyPayload, sNwkSIntKey, confFCnt, fCntDown: fCnt32 }),
        "MIC of 1.1 under SNwkSIntKey",
      );
}

function decryptFields(frame: DataFrame, fCnt32: number, context: ExplainContext): ClearFields {
  const { session } = context;
  if (session === undefined) {
    return {};
  }
  const counter = { direction: directionOf(frame), devAddr: frame.devAddr, fCnt32 };
  const networkKey = session.version === "1.1" ? session.nwkSEncKey : session.nwkSKey;
  const payloadKey = frame.fPort === 0 ? networkKey : session.appSKey;
  return {
    ...clearFOpts(),
    ...(payloadKey !== undefined &&
      frame.frmPayload.length > 0 && {
        frmPayload: cipherFrmPayload({ ...counter, key: payloadKey, payload: frame.frmPayload }),
      }),
  };

  function clearFOpts(): ClearFields {
    if (frame.fOpts.length === 0 || session?.version !== "1.1") {
      return { fOpts: frame.fOpts };
    }
    if (networkKey === undefined) {
      return {};
    }
    const aFCnt = !frame.isUplink && frame.fPort !== undefined;
    const { fOpts } = frame;
    return { fOpts: cipherFOpts({ ...counter, nwkSEncKey: networkKey, aFCnt, fOpts }) };
  }
}

function describeDecrypted(clear: ClearFields, context: ExplainContext): JsonObject | undefined {
  const hasFOpts = context.session?.version === "1.1" && (clear.fOpts?.length ?? 0) > 0;
  if (!hasFOpts && clear.frmPayload === undefined) {
    return undefined;
  }
  return {
    ...(hasFOpts && clear.fOpts !== undefined && { FOpts: formatHex(clear.fOpts) }),
    ...(clear.frmPayload !== undefined && { FRMPayload: formatHex(clear.frmPayload) }),
  };
}

/** MAC commands are in FOpts or in the FRMPayload of FPort 0, never in both. */
function describeMacCommands(
  frame: DataFrame,
  clear: ClearFields,
  context: ExplainContext,
): Pick<FrameExplanation, "macCommands"> {
  const commands = frame.fPort === 0 ? clear.frmPayload : clear.fOpts;
  return commands === undefined || commands.length === 0 || context.explainMacCommands === undefined
    ? {}
    : { macCommands: context.explainMacCommands(commands, directionOf(frame)) };
}

function directionOf(frame: DataFrame): Direction {
  return frame.isUplink ? "up" : "down";
}
