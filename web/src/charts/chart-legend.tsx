import { Group, Text, useComputedColorScheme } from "@mantine/core";
import { formatCount } from "../quantities/numbers.ts";
import { CHART_COLOURS, CHART_DASHES } from "./chart-colours.ts";
import { type ChartData, sumOf } from "./chart-data.ts";

interface Props {
  readonly data: ChartData;
  /** Of the time pointed at; null shows the sums over all. */
  readonly index: number | null;
}

/** Each line as it is drawn, with its number. */
export function ChartLegend({ data, index }: Props) {
  const scheme = useComputedColorScheme("light");
  return (
    <Group gap="md">
      {data.series.map(({ label, tone, values }) => (
        <Group key={label} gap={6} wrap="nowrap">
          <svg width={22} height={8} aria-hidden>
            <line
              x1={0}
              y1={4}
              x2={22}
              y2={4}
              stroke={CHART_COLOURS[scheme].tones[tone]}
              strokeWidth={2.5}
              strokeDasharray={CHART_DASHES[tone].join(" ")}
            />
          </svg>
          <Text size="sm">
            {label}{" "}
            <Text span fw={600} className="numeric">
              {formatCount(index === null ? sumOf(values) : (values[index] ?? 0))}
            </Text>
          </Text>
        </Group>
      ))}
    </Group>
  );
}
