import { Button, Progress, Stack, Text } from "@mantine/core";
import type { WeakKeyReport } from "../../../api/generated/warren-api.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Time } from "../../../components/time.tsx";
import { countOf } from "../../../quantities/numbers.ts";
import { FindingsTable } from "./findings-table.tsx";
import { findingsOf, useStartWeakKeyReport, useWeakKeyReport } from "./weak-key-queries.ts";

/** Looks at the root keys of all devices for those that anybody could guess or that several have. */
export function WeakKeysPanel() {
  const report = useWeakKeyReport();
  const start = useStartWeakKeyReport();
  const isRunning = report.data?.status === "running";
  return (
    <Panel
      id="weak-keys"
      title="Weak root keys"
      about="Root keys that anybody could guess, or that several devices have. The keys stay in the Join Server."
      actions={
        <Button
          variant="default"
          size="xs"
          loading={start.isPending}
          disabled={isRunning}
          onClick={() => start.mutate()}
        >
          Check all devices
        </Button>
      }
    >
      <Loaded query={report} height={40}>
        {(data) => <Report report={data} />}
      </Loaded>
    </Panel>
  );
}

function Report({ report }: { readonly report: WeakKeyReport }) {
  const { status, endedAt, progress } = report;
  if (status === "none") {
    return <Text size="sm">Nobody has checked since the Join Server was started.</Text>;
  }
  if (status === "running") {
    const percent = Math.round(progress * 100);
    return (
      <Stack gap={4}>
        <Text size="sm">Looking at the root keys of all devices: {percent} %</Text>
        <Progress value={percent} aria-label="Devices checked" />
      </Stack>
    );
  }
  if (status === "failed") {
    return (
      <Text size="sm">
        The check broke off <Time at={endedAt} />. The log of the Join Server says why; check again.
      </Text>
    );
  }
  const count = findingsOf(report);
  return (
    <Stack gap="xs">
      <Text size="sm">
        {count === 0 ? (
          <>
            <span aria-hidden>✓ </span>No weak root key found,{" "}
          </>
        ) : (
          `${countOf(count, "finding")}, `
        )}
        <Time at={endedAt} />.
      </Text>
      {count > 0 && <FindingsTable report={report} />}
    </Stack>
  );
}
