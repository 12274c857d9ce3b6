import { Skeleton, Stack, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { type ChartData, clockTime } from "./chart-data.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { ChartTable } from "./chart-table.tsx";

const Canvas = lazy(() => import("./chart-canvas.tsx"));

interface Props {
  /** What is counted: `Joins per minute`. */
  readonly label: string;
  readonly data: ChartData;
  /** Of the drawing, in px. */
  readonly height?: number;
}

/** Counts over time: a drawing, and for those who cannot see or point at it, totals and a table. */
export function TimeChart({ label, data, height = 170 }: Props) {
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const { times } = data;
  // The drawing has a point more, at the end.
  const index = pointedAt === null ? null : Math.min(pointedAt, times.length - 1);
  return (
    <Stack gap={4} component="figure" m={0}>
      <ChartLegend data={data} index={index} />
      <div aria-hidden>
        <Suspense fallback={<Skeleton height={height} />}>
          <Canvas data={data} height={height} onPoint={setPointedAt} />
        </Suspense>
      </div>
      <Text component="figcaption" size="xs" c="dimmed">
        {label}
        {index === null ? "" : `, at ${clockTime(times[index] ?? 0)}`}
      </Text>
      <ChartTable label={label} data={data} />
    </Stack>
  );
}
