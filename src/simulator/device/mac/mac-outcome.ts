import type { DownlinkMacCommand } from "../../../lorawan/mac-commands/downlink.ts";
import type { MacVersion } from "../../../lorawan/mac-version.ts";
import type { Region } from "../../../lorawan/region/region.ts";
import type { RadioSettings } from "../radio/radio-settings.ts";
import type { DeviceMacCommand, Session } from "../session.ts";

/** What a MAC command makes a device do beyond its session. */
export type MacEffect =
  | {
      readonly kind: "rejoin-forced";
      readonly rejoinType: 0 | 2;
      readonly dataRate: number;
      readonly retries: number;
      /** 32 s × 2^Period, to which a random 0..32 s is added each time. */
      readonly periodMs: number;
    }
  | { readonly kind: "link-checked"; readonly marginDb: number; readonly gwCnt: number }
  | { readonly kind: "time-learnt"; readonly unixMs: number }
  | { readonly kind: "session-confirmed" };

/** What a command is read in. */
export interface MacContext {
  readonly region: Region;
  readonly macVersion: MacVersion;
  /** Signal-to-noise ratio of the downlink, in dB. */
  readonly snrDb: number;
}

export interface MacOutcome {
  readonly session: Session;
  readonly effects: readonly MacEffect[];
}

/** A standard command by its name. */
export type Downlink<Name extends DownlinkMacCommand["name"]> = Extract<
  DownlinkMacCommand,
  { name: Name }
>;

/** The session with one more answer for the next uplink. */
export function withAnswer(session: Session, answer: DeviceMacCommand): Session {
  return { ...session, answers: [...session.answers, answer] };
}

/** The session with an answer that goes up until a downlink is heard; the newest of a kind counts. */
export function withRepeatedAnswer(session: Session, answer: DeviceMacCommand): Session {
  const others = session.repeatedAnswers.filter(
    (other) => other.name !== answer.name || answer.name === "DlChannelAns",
  );
  return { ...session, repeatedAnswers: [...others, answer] };
}

export function withRadio(session: Session, radio: Partial<RadioSettings>): Session {
  return { ...session, radio: { ...session.radio, ...radio } };
}
