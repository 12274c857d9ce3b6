import { useQuery } from "@tanstack/react-query";
import { ApiError } from "../../api/api-error.ts";
import { request } from "../../api/request.ts";

/** Beside the console, so that the browser sends the session along; shown to nobody else. */
export const REPORT_ADDRESS = "/console/evaluation-report/";

interface ReportState {
  readonly isThere: boolean;
  /** ISO 8601 in UTC; null when the server does not say. */
  readonly madeAt: string | null;
}

/** Whether the server has a report, and of when. One that is being made is found when it is there. */
export function useReportState() {
  return useQuery({
    queryKey: ["evaluation-report"],
    queryFn: ({ signal }) => readReportState(signal),
    refetchInterval: ({ state }) => (state.data?.isThere === true ? 300_000 : 10_000),
  });
}

async function readReportState(signal: AbortSignal): Promise<ReportState> {
  try {
    const { headers } = await request(REPORT_ADDRESS, { method: "HEAD", signal });
    const modified = Date.parse(headers.get("last-modified") ?? "");
    const madeAt = Number.isNaN(modified) ? null : new Date(modified).toISOString();
    return { isThere: true, madeAt };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { isThere: false, madeAt: null };
    throw error;
  }
}
