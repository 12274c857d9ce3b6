import "uplot/dist/uPlot.min.css";
import { Box, useComputedColorScheme } from "@mantine/core";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import UPlot from "uplot";
import { CHART_COLOURS, CHART_DASHES } from "./chart-colours.ts";
import { type ChartData, type ChartSeries, clockTime } from "./chart-data.ts";

interface Props {
  readonly data: ChartData;
  /** px */
  readonly height: number;
  /** Index of the time under the pointer. Give a function that stays the same. */
  readonly onPoint: (index: number | null) => void;
}

/** The drawing alone: in a file of its own, loaded when the first chart is shown. */
export default function ChartCanvas({ data, height, onPoint }: Props) {
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const { ref, width } = useElementSize<HTMLDivElement>();
  const hostRef = useMergedRef(setHost, ref);
  const chart = useRef<UPlot>(undefined);
  const newest = useRef(data);
  newest.current = data;
  const scheme = useComputedColorScheme("light");
  // Only other lines or colours need another chart; other numbers are drawn into the one there is.
  const lines = JSON.stringify(data.series.map(({ label, tone }) => ({ label, tone })));

  useEffect(() => {
    if (host === null || width === 0) return;
    const look = { scheme, width: Math.floor(width), height, onPoint };
    const options = optionsOf(JSON.parse(lines) as Line[], look);
    const drawn = new UPlot(options, alignedOf(newest.current), host);
    chart.current = drawn;
    return () => {
      chart.current = undefined;
      drawn.destroy();
    };
  }, [host, width, height, scheme, lines, onPoint]);
  useEffect(() => chart.current?.setData(alignedOf(data)), [data]);

  return <Box ref={hostRef} h={height} />;
}

type Line = Pick<ChartSeries, "label" | "tone">;

interface Look {
  readonly scheme: "light" | "dark";
  readonly width: number;
  readonly height: number;
  readonly onPoint: (index: number | null) => void;
}

/** A last point at the end of the last interval, so that its step is drawn too. */
function alignedOf({ times, intervalSeconds, series }: ChartData): UPlot.AlignedData {
  const end = (times.at(-1) ?? 0) + intervalSeconds;
  return [[...times, end], ...series.map(({ values }) => [...values, values.at(-1) ?? 0])];
}

function optionsOf(lines: readonly Line[], look: Look): UPlot.Options {
  const { axis, grid, tones } = CHART_COLOURS[look.scheme];
  const ofAxis = { stroke: axis, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid } };
  const stepped = UPlot.paths.stepped?.({ align: 1 });
  return {
    width: look.width,
    height: look.height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: {
      x: { range: (_chart, from, until) => [Math.min(from, until - LEAST_SECONDS), until] },
      y: { range: (_chart, _min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] },
    },
    axes: [
      { ...ofAxis, size: 30, values: (_chart, seconds) => seconds.map(clockTime) },
      { ...ofAxis, size: 44, incrs: WHOLE_STEPS },
    ],
    series: [
      {},
      ...lines.map(({ label, tone }) => ({
        label,
        stroke: tones[tone],
        width: 2,
        dash: [...CHART_DASHES[tone]],
        points: { show: false },
        ...(stepped === undefined ? {} : { paths: stepped }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => look.onPoint(cursor.idx ?? null)] },
  };
}

/** A server that has just started shows some minutes without anything, and not one wide step. */
const LEAST_SECONDS = 900;

/** Counts have no halves. */
const WHOLE_STEPS = Array.from({ length: 9 }, (_, exponent) => 10 ** exponent).flatMap((ten) => [
  ten,
  2 * ten,
  5 * ten,
]);
