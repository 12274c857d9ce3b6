import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ImportReport } from "./import-report.ts";
import { type ImportRun, runImport } from "./run-import.ts";

export interface RunState {
  readonly isDryRun: boolean;
  readonly isRunning: boolean;
  readonly isStopped: boolean;
  readonly done: number;
  readonly total: number;
  /** Undefined before the first answer. */
  readonly report: ImportReport | undefined;
  /** Why it ended early. */
  readonly error: unknown;
}

interface ImportRunner {
  /** The last run, or the one that goes on; undefined before the first. */
  readonly state: RunState | undefined;
  readonly start: (run: ImportRun) => Promise<void>;
  /** After the part that is on its way. */
  readonly stop: () => void;
  readonly forget: () => void;
}

/** One run at a time; leaving the page ends it after the part that is on its way. */
export function useImportRun(): ImportRunner {
  const [state, setState] = useState<RunState>();
  const abort = useRef<AbortController>(undefined);
  const client = useQueryClient();
  useEffect(() => () => abort.current?.abort(), []);

  const start = useCallback(
    async (run: ImportRun) => {
      const controller = new AbortController();
      abort.current = controller;
      const { isDryRun, parts } = run;
      let now: RunState = {
        ...{ isDryRun, isRunning: true, isStopped: false },
        ...{ done: 0, total: parts.length, report: undefined, error: undefined },
      };
      const change = (changes: Partial<RunState>) => {
        now = { ...now, ...changes };
        // Another run may have begun, or the file may have been put away.
        if (abort.current === controller) setState(now);
      };
      change({});
      try {
        await runImport(run, change, controller.signal);
      } catch (error) {
        change({ error });
      }
      change({ isRunning: false, isStopped: controller.signal.aborted });
      if (!isDryRun) {
        for (const key of ["devices", "overview"]) {
          void client.invalidateQueries({ queryKey: [key] });
        }
      }
    },
    [client],
  );
  const stop = useCallback(() => abort.current?.abort(), []);
  const forget = useCallback(() => {
    abort.current?.abort();
    abort.current = undefined;
    setState(undefined);
  }, []);
  return { state, start, stop, forget };
}
