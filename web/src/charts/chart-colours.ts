export type ChartTone = "good" | "bad" | "other";

interface ChartColours {
  readonly axis: string;
  readonly grid: string;
  readonly tones: Readonly<Record<ChartTone, string>>;
}

/** At least 3 to 1 against the background of each scheme; a canvas does not know the variables of a page. */
export const CHART_COLOURS: Readonly<Record<"light" | "dark", ChartColours>> = {
  light: {
    axis: "#495057",
    grid: "#e9ecef",
    tones: { good: "#0b7285", bad: "#c92a2a", other: "#7048a8" },
  },
  dark: {
    axis: "#c9c9c9",
    grid: "#3b3b3b",
    tones: { good: "#3bb8cb", bad: "#ff8787", other: "#b197fc" },
  },
};

/** Pixels on and off: lines are told apart without their colour too. */
export const CHART_DASHES: Readonly<Record<ChartTone, readonly number[]>> = {
  good: [],
  bad: [7, 3],
  other: [2, 3],
};
