import type { DownlinkMacCommand } from "../../../lorawan/mac-commands/downlink.ts";
import { unixMsFromGpsTime } from "../../../lorawan/mac-commands/gps-time.ts";
import type { Session } from "../session.ts";
import { obeyLinkAdrBlock } from "./link-adr.ts";
import {
  type Downlink,
  type MacContext,
  type MacEffect,
  type MacOutcome,
  withAnswer,
  withRadio,
  withRepeatedAnswer,
} from "./mac-outcome.ts";
import { obeyDlChannel, obeyNewChannel, obeyRxParamSetup } from "./radio-requests.ts";

/** The one minor version that this device and its networks speak (LoRaWAN 1.1 §5.1, §5.10). */
const MINOR = 1;
/** External power, see DevStatusAns. */
const BATTERY_EXTERNAL = 0;
const FORCED_REJOIN_UNIT_MS = 32_000;

/** Obeys the standard commands of one downlink in their order. */
export function obeyMacCommands(
  session: Session,
  commands: readonly DownlinkMacCommand[],
  context: MacContext,
): MacOutcome {
  let outcome: MacOutcome = { session, effects: [] };
  let isFirst = true;
  for (let index = 0; index < commands.length; ) {
    const block = linkAdrBlockAt(commands, index);
    const command = commands[index];
    if (block.length > 0) {
      const obeyed = obeyLinkAdrBlock(outcome.session, block, { ...context, isFirst });
      outcome = { ...outcome, session: obeyed };
      isFirst = false;
    } else if (command !== undefined) {
      outcome = obeyOne(outcome, command, context);
    }
    index += Math.max(1, block.length);
  }
  return outcome;
}

function linkAdrBlockAt(commands: readonly DownlinkMacCommand[], start: number) {
  const block: Downlink<"LinkADRReq">[] = [];
  for (const command of commands.slice(start)) {
    if (command.name !== "LinkADRReq") break;
    block.push(command);
  }
  return block;
}

function obeyOne(
  { session, effects }: MacOutcome,
  command: DownlinkMacCommand,
  context: MacContext,
): MacOutcome {
  const effect = effectOf(command);
  const confirmed = confirmedBy(session, command);
  return {
    session: obeySetup(confirmed, command, context),
    effects: [
      ...effects,
      ...(effect === undefined ? [] : [effect]),
      ...(confirmed === session ? [] : [{ kind: "session-confirmed" } as const]),
    ],
  };
}

/** RekeyConf ends RekeyInd on an OTAA device, ResetConf ends ResetInd on an ABP one. */
function confirmedBy(session: Session, command: DownlinkMacCommand): Session {
  const expected = session.activation === "otaa" ? "RekeyConf" : "ResetConf";
  const isConfirmed = session.isIndicating && command.name === expected && command.minor === MINOR;
  return isConfirmed ? { ...session, isIndicating: false } : session;
}

function obeySetup(session: Session, command: DownlinkMacCommand, context: MacContext): Session {
  const { region } = context;
  switch (command.name) {
    case "DutyCycleReq":
      return withAnswer(withRadio(session, { maxDCycle: command.maxDCycle }), {
        name: "DutyCycleAns",
      });
    case "RXParamSetupReq":
      return obeyRxParamSetup(session, command, region);
    case "DevStatusReq":
      return withAnswer(session, {
        name: "DevStatusAns",
        battery: BATTERY_EXTERNAL,
        marginDb: Math.max(-32, Math.min(31, Math.round(context.snrDb))),
      });
    case "NewChannelReq":
      return obeyNewChannel(session, command, region);
    case "RXTimingSetupReq":
      return withRepeatedAnswer(
        withRadio(session, { rx1DelayMs: Math.max(1, command.delay) * 1_000 }),
        { name: "RXTimingSetupAns" },
      );
    case "DlChannelReq":
      return obeyDlChannel(session, command, region);
    case "ADRParamSetupReq":
      return withAnswer(
        withRadio(session, {
          adrAckLimit: 2 ** command.limitExp,
          adrAckDelay: 2 ** command.delayExp,
        }),
        { name: "ADRParamSetupAns" },
      );
    case "RejoinParamSetupReq":
      return obeyRejoinParamSetup(session, command);
    default:
      // TxParamSetupReq neither: neither region limits the dwell time by it, and then it is to be
      // ignored without an answer (LoRaWAN 1.1 §5.9).
      return session;
  }
}

function obeyRejoinParamSetup(session: Session, command: Downlink<"RejoinParamSetupReq">): Session {
  const rejoinLimits = {
    uplinks: 2 ** (command.maxCountN + 4),
    periodMs: 2 ** (command.maxTimeN + 10) * 1_000,
  };
  const answer = { name: "RejoinParamSetupAns", timeOk: true } as const;
  return withAnswer(withRadio(session, { rejoinLimits }), answer);
}

function effectOf(command: DownlinkMacCommand): MacEffect | undefined {
  switch (command.name) {
    case "LinkCheckAns":
      return { kind: "link-checked", marginDb: command.marginDb, gwCnt: command.gwCnt };
    case "DeviceTimeAns":
      return { kind: "time-learnt", unixMs: unixMsFromGpsTime(command) };
    case "ForceRejoinReq":
      return forcedRejoin(command);
    default:
      return undefined;
  }
}

/** Rejoin types 3 to 7 are reserved, and no rejoin follows them (LoRaWAN 1.1 §5.13). */
function forcedRejoin(command: Downlink<"ForceRejoinReq">): MacEffect | undefined {
  if (command.rejoinType > 2) return undefined;
  return {
    kind: "rejoin-forced",
    rejoinType: command.rejoinType === 2 ? 2 : 0,
    dataRate: command.dataRate,
    retries: command.maxRetries,
    periodMs: FORCED_REJOIN_UNIT_MS * 2 ** command.period,
  };
}
