import type { ChartTone } from "./chart-colours.ts";

export interface ChartSeries {
  readonly label: string;
  readonly tone: ChartTone;
  /** One for each time of the chart. */
  readonly values: readonly number[];
}

export interface ChartData {
  /** Starts of the intervals, epoch seconds, ascending. */
  readonly times: readonly number[];
  readonly intervalSeconds: number;
  readonly series: readonly ChartSeries[];
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** `09:14` in the time zone of the browser. @param seconds epoch seconds */
export function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString("sv-SE", {
    hour: "2-digit",
    minute: "2-digit",
  });
}
