import classes from "./report-frame.module.css";
import { REPORT_ADDRESS } from "./use-report-state.ts";

/**
 * The report in a frame that runs no script: it has none, and whatever was put into the folder could
 * otherwise use the session of who looks at it. Its origin it keeps, so that its links to tables carry the cookie.
 */
export function ReportFrame() {
  return (
    <iframe
      className={classes["frame"]}
      src={REPORT_ADDRESS}
      title="Evaluation report"
      sandbox="allow-same-origin allow-downloads"
    />
  );
}
