import type { RandomBytes } from "../../../crypto/random.ts";
import type { DownlinkMacCommand } from "../../../lorawan/mac-commands/downlink.ts";
import {
  decodeMacCommands,
  type ProprietaryMacCommand,
} from "../../../lorawan/mac-commands/mac-commands.ts";
import { isLorawan11, type MacVersion } from "../../../lorawan/mac-version.ts";
import { ROOT_KEY_DOWNLINK_COMMANDS } from "../../../root-key/mac-commands.ts";
import type { DeviceProfile } from "../device-profile.ts";
import type { DeviceState } from "../device-state.ts";
import type { MacContext, MacEffect } from "../mac/mac-outcome.ts";
import { obeyMacCommands } from "../mac/obey-mac-commands.ts";
import type { Session } from "../session.ts";
import { type RootKeyStep, receiveRootKeyCommand } from "../update/receive-root-key-command.ts";
import type { RootKeyCarrier } from "../update/root-key-carrier.ts";
import type { OpenedDownlink } from "./open-downlink.ts";

export interface DownlinkOutcome {
  /** To be stored before anything else is done. */
  readonly state: DeviceState;
  readonly effects: readonly MacEffect[];
  readonly rootKeySteps: readonly RootKeyStep[];
  /** Names of the MAC commands obeyed, in their order. */
  readonly commandNames: readonly string[];
}

/** What a downlink is read with. */
export interface DownlinkContext extends Omit<MacContext, "macVersion"> {
  readonly profile: DeviceProfile;
  readonly random: RandomBytes;
}

/** What a genuine new downlink changes: counters, settings, answers, root keys. */
export function receiveDownlink(
  state: DeviceState & { readonly session: Session },
  downlink: OpenedDownlink,
  { profile, random, ...context }: DownlinkContext,
): DownlinkOutcome {
  const { commands } = decodeMacCommands("down", downlink.macCommands, {
    version: spokenVersion(profile.macVersion, state.session),
    proprietary: ROOT_KEY_DOWNLINK_COMMANDS,
  });
  const standard = commands.filter(isStandard);
  const { macVersion, supportsHealing } = profile;
  const macContext = { ...context, macVersion };
  const obeyed = obeyMacCommands(heard(state.session, downlink), standard, macContext);
  let after: DeviceState = { ...state, session: obeyed.session };
  const rootKeySteps: RootKeyStep[] = [];
  for (const { octets, carrier } of rootKeyCommandsOf(commands, downlink, profile)) {
    const received = receiveRootKeyCommand(after, octets, { random, supportsHealing, carrier });
    after = received.state;
    rootKeySteps.push(received.step);
  }
  return {
    state: after,
    effects: obeyed.effects,
    rootKeySteps,
    commandNames: commands.map(({ name }) => name),
  };
}

/** A 1.1 device that a 1.0 network has put back knows the MAC commands of 1.0 (LoRaWAN 1.1 §6.2.3). */
function spokenVersion(version: MacVersion, session: Session): MacVersion {
  return isLorawan11(version) && !session.isLorawan11 ? "1.0.4" : version;
}

/** The counters after a downlink was heard; it ends the answers that were repeated until then. */
function heard(session: Session, downlink: OpenedDownlink): Session {
  const counter = downlink.isAFCntDown
    ? { aFCntDown: downlink.fCntDown }
    : { nFCntDown: downlink.fCntDown };
  return {
    ...session,
    ...counter,
    ackOf: downlink.isConfirmed ? downlink.fCntDown : session.ackOf,
    uplinksSinceDownlink: 0,
    adrAckCount: 0,
    repeatedAnswers: [],
  };
}

function isStandard(
  command: DownlinkMacCommand | ProprietaryMacCommand,
): command is DownlinkMacCommand {
  return command.name !== "Proprietary";
}

/** Those among the MAC commands, then the payload of the root key port, which is one. */
function rootKeyCommandsOf(
  commands: readonly (DownlinkMacCommand | ProprietaryMacCommand)[],
  { data }: OpenedDownlink,
  { rootKeyFPort }: DeviceProfile,
): readonly { readonly octets: Uint8Array; readonly carrier: RootKeyCarrier }[] {
  const found: { octets: Uint8Array; carrier: RootKeyCarrier }[] = [];
  for (const command of commands) {
    if (command.name !== "Proprietary") continue;
    found.push({ octets: Uint8Array.of(command.cid, ...command.payload), carrier: "mac" });
  }
  if (data !== undefined && data.fPort === rootKeyFPort)
    found.push({ octets: data.payload, carrier: "port" });
  return found;
}
