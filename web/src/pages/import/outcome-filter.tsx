import { Badge, Group, UnstyledButton } from "@mantine/core";
import type { FileRecord, ImportReport } from "./run/import-report.ts";

export const FILTERS = ["all", "error", "different", "warning", "created", "unchanged"] as const;
export type Filter = (typeof FILTERS)[number];

interface Look {
  readonly color: string;
  readonly label: string;
  /** After an import, where that is something else. */
  readonly done?: string;
  /** Of one record, where that is something else. */
  readonly one?: string;
}

export const LOOKS: Readonly<Record<Filter, Look>> = {
  all: { color: "gray", label: "all" },
  error: { color: "red", label: "with an error", one: "error" },
  different: { color: "orange", label: "there already, but different", one: "different" },
  warning: { color: "yellow", label: "with a warning" },
  created: { color: "teal", label: "new", done: "added" },
  unchanged: { color: "gray", label: "there already" },
};

export function matches({ outcome, hasWarnings }: FileRecord, filter: Filter): boolean {
  return filter === "all" || (filter === "warning" ? hasWarnings : outcome === filter);
}

export function countOf({ records, counts, warnings }: ImportReport, filter: Filter): number {
  if (filter === "all") return records.length;
  return filter === "warning" ? warnings : counts[filter];
}

interface Props {
  readonly report: ImportReport;
  readonly isDryRun: boolean;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** How many records came out how; each is a button that shows those alone. */
export function OutcomeFilter({ report, isDryRun, filter, onFilter }: Props) {
  const shown = FILTERS.filter((name) => name === "all" || countOf(report, name) > 0);
  return (
    <Group gap="xs" component="fieldset" bd={0} p={0} m={0} aria-label="Show records">
      {shown.map((name) => {
        const { color, label, done } = LOOKS[name];
        const isOn = name === filter;
        return (
          <UnstyledButton key={name} aria-pressed={isOn} onClick={() => onFilter(name)}>
            <Badge
              size="lg"
              tt="none"
              color={color}
              variant="dot"
              bd={isOn ? "2px solid currentColor" : undefined}
              rightSection={isOn ? <span aria-hidden>✓</span> : undefined}
            >
              {countOf(report, name).toLocaleString("en")} {isDryRun ? label : (done ?? label)}
            </Badge>
          </UnstyledButton>
        );
      })}
    </Group>
  );
}
