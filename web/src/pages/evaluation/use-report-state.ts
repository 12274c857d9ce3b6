import { useQuery } from "@tanstack/react-query";
import { getEvaluationReport } from "../../api/generated/warren-api.ts";

/** Beside the console, so that the browser sends the session along; shown to nobody else. */
export const REPORT_ADDRESS = "/console/evaluation-report/";

/** Whether the server has a report, and of when. One that is being made is found when it is there. */
export function useReportState() {
  return useQuery({
    queryKey: ["evaluation-report"],
    queryFn: ({ signal }) => getEvaluationReport({ signal }),
    refetchInterval: ({ state }) => (state.data?.writtenAt == null ? 10_000 : 60_000),
  });
}
