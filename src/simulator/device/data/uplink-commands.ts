import {
  encodeMacCommands,
  type ProprietaryMacCommand,
} from "../../../lorawan/mac-commands/mac-commands.ts";
import type { DeviceMacCommand, Session } from "../session.ts";
import { mustAskForDownlink } from "./liveness.ts";

/** MAC commands of one uplink. */
export interface Commands {
  readonly octets: Uint8Array;
  /** Answers that found no room. */
  readonly left: readonly DeviceMacCommand[];
  /** Command identifier of a root key command among them, which may be an answer. */
  readonly rootKeyCid: number | undefined;
}

/** A command that wants to go up. */
export interface Entry {
  readonly command: DeviceMacCommand;
  readonly isAnswer?: boolean;
}

/** RekeyInd or ResetInd, which nothing may push out. */
export function indicationOf({ isIndicating, activation }: Session): readonly Entry[] {
  const name = activation === "otaa" ? "RekeyInd" : "ResetInd";
  return isIndicating ? [{ command: { name, minor: 1 } }] : [];
}

/** By falling importance: what does not fit is cut from the end. */
export function commandsOf(
  session: Session,
  rootKeyOctets: Uint8Array | undefined,
  asksForTime: boolean,
): readonly Entry[] {
  return [
    ...indicationOf(session),
    ...(rootKeyOctets === undefined ? [] : [{ command: proprietary(rootKeyOctets) }]),
    ...session.answers.map((command) => ({ command, isAnswer: true })),
    ...session.repeatedAnswers.map((command) => ({ command })),
    ...(mustAskForDownlink(session) ? [{ command: { name: "LinkCheckReq" } } as Entry] : []),
    ...(asksForTime ? [{ command: { name: "DeviceTimeReq" } } as Entry] : []),
  ];
}

/** A root key message as the MAC command it is. */
export function proprietary(octets: Uint8Array): DeviceMacCommand {
  return { name: "Proprietary", cid: octets[0] ?? 0, payload: octets.slice(1) };
}

/** Their octets, one behind the other. */
export function encode(entries: readonly Entry[]): Uint8Array {
  return encodeMacCommands(entries.map(({ command }) => command));
}

/** As many as there is room for; a shorter one may pass one that is too long. */
export function fit(entries: readonly Entry[], roomBytes: number): Commands {
  const fitting: Entry[] = [];
  for (const entry of entries) {
    if (encode([...fitting, entry]).length <= roomBytes) fitting.push(entry);
  }
  const left = entries.filter((entry) => entry.isAnswer === true && !fitting.includes(entry));
  return {
    octets: encode(fitting),
    left: left.map(({ command }) => command),
    rootKeyCid: fitting.map(({ command }) => command).find(isProprietary)?.cid,
  };
}

function isProprietary(command: DeviceMacCommand): command is ProprietaryMacCommand {
  return command.name === "Proprietary";
}
