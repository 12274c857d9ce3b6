import { Button, Text } from "@mantine/core";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { Time } from "../../components/time.tsx";
import { NoReport } from "./no-report.tsx";
import { ReportFrame } from "./report-frame.tsx";
import { REPORT_ADDRESS, useReportState } from "./use-report-state.ts";

/** The report of `npm run evaluate`: what the paper measured, measured again. */
export function EvaluationPage() {
  const report = useReportState();
  const isThere = typeof report.data?.writtenAt === "string";
  return (
    <Page
      title="Evaluation"
      about="What the paper behind root key updates measured, measured again with this program: derivation times, randomness, attacks, cost on the air."
      actions={
        isThere && (
          <Button
            component="a"
            href={REPORT_ADDRESS}
            target="_blank"
            rel="noopener"
            variant="default"
            size="xs"
          >
            Open it alone
          </Button>
        )
      }
    >
      <Loaded query={report} height={400}>
        {({ writtenAt }) =>
          writtenAt === null ? (
            <NoReport onLookAgain={() => void report.refetch()} isLooking={report.isFetching} />
          ) : (
            <>
              <Text size="sm" c="dimmed" mb="xs">
                Written <Time at={writtenAt} />. To print or save it, open it alone.
              </Text>
              {/* A new frame for each report, so that the newest one is seen. */}
              <ReportFrame key={writtenAt} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}
