/** A span of a day as its fields hold it. */
export interface WindowForm {
  readonly key: number;
  /** Names such as `Mon`; none: every day. */
  readonly days: readonly string[];
  /** `HH:MM`, UTC; `to` may be 24:00. */
  readonly from: string;
  readonly to: string;
}

export const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** `Mon,Tue 22:00-05:00`, as the API takes it. */
export function windowText({ days, from, to }: WindowForm): string {
  const ordered = WEEKDAYS.filter((day) => days.includes(day));
  const times = `${from}-${to}`;
  return ordered.length === 0 ? times : `${ordered.join(",")} ${times}`;
}

/** What is wrong with a window; undefined when nothing is. */
export function windowProblem({ from, to }: WindowForm): string | undefined {
  if (!TIME.test(from) || !(TIME.test(to) || to === "24:00")) {
    return "Write both times with two digits each, such as 22:00 and 05:00.";
  }
  return from === to ? "From and to are the same; a whole day is 00:00 to 24:00." : undefined;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
