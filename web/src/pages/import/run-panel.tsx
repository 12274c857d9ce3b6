import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ErrorPanel } from "../../components/error-panel.tsx";
import { Panel } from "../../components/panel.tsx";
import { countOf, FILTERS, type Filter, matches, OutcomeFilter } from "./outcome-filter.tsx";
import { RecordTable } from "./record-table.tsx";
import type { RunState } from "./run/use-import-run.ts";
import { labelOfFormat } from "./source-file.ts";

interface Props {
  readonly state: RunState;
  readonly onStop: () => void;
}

/** How far a dry run or an import is, and what it has found. */
export function RunPanel({ state, onStop }: Props) {
  const { isDryRun, isRunning, isStopped, done, total, report, error } = state;
  const [chosen, setChosen] = useState<Filter>();
  const worst = report && FILTERS.slice(1).find((name) => countOf(report, name) > 0);
  const filter = report && chosen && countOf(report, chosen) > 0 ? chosen : (worst ?? "all");
  return (
    <Panel
      title={isDryRun ? "Dry run" : "Import"}
      about={report && `Read as ${labelOfFormat(report.format)}.`}
    >
      <Stack gap="sm">
        {isRunning && <Running isDryRun={isDryRun} share={done / total} onStop={onStop} />}
        {isStopped && !isRunning && (
          <Alert color="orange" title="Stopped">
            {isDryRun
              ? "Only a part of the file has been looked through."
              : "What is listed as added is in the database; the rest is not. Import the same file again to go on: devices that are there already are left as they are."}
          </Alert>
        )}
        {error !== undefined && (
          <>
            <ErrorPanel error={error} />
            {!isDryRun && report !== undefined && (
              <Text size="sm">
                What is listed as added is in the database. Import the same file again to go on.
              </Text>
            )}
          </>
        )}
        {report !== undefined && (
          <>
            <OutcomeFilter
              report={report}
              isDryRun={isDryRun}
              filter={filter}
              onFilter={setChosen}
            />
            <RecordTable
              key={filter}
              records={report.records.filter((record) => matches(record, filter))}
              isDryRun={isDryRun}
            />
          </>
        )}
      </Stack>
    </Panel>
  );
}

interface RunningProps {
  readonly isDryRun: boolean;
  /** 0 to 1 */
  readonly share: number;
  readonly onStop: () => void;
}

function Running({ isDryRun, share, onStop }: RunningProps) {
  const percent = Math.round(share * 100);
  const what = isDryRun ? "Looking through the file" : "Adding devices";
  return (
    <Group wrap="nowrap">
      <Stack gap={4} flex={1}>
        <Text size="sm" role="status">
          {what}: {percent} %
        </Text>
        <Progress value={Math.max(percent, 2)} animated aria-label={what} />
      </Stack>
      <Button variant="default" size="xs" onClick={onStop}>
        Stop
      </Button>
    </Group>
  );
}
