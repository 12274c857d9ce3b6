import { Loader, Text, VisuallyHidden } from "@mantine/core";
import type { UpdateAttempt } from "../../../api/generated/warren-api.ts";
import { absoluteTime } from "../../../components/time.tsx";
import { type Stage, type StageState, stagesOf } from "./update-progress.ts";
import classes from "./update-stages.module.css";

const STATES: Readonly<Record<StageState, { readonly mark: string; readonly words: string }>> = {
  done: { mark: "✓", words: "done" },
  current: { mark: "", words: "waited for" },
  "to-come": { mark: "○", words: "to come" },
  failed: { mark: "✕", words: "not reached: failed before" },
  "not-reached": { mark: "○", words: "not reached" },
};

/** How far an update has come: prepared, accepted, confirmed, committed, each with its time. */
export function UpdateStages({ attempt }: { readonly attempt: UpdateAttempt }) {
  return (
    <ol className={classes["stages"]}>
      {stagesOf(attempt).map((stage) => (
        <StageItem key={stage.name} stage={stage} />
      ))}
    </ol>
  );
}

function StageItem({ stage: { name, meaning, state, at } }: { readonly stage: Stage }) {
  const { mark, words } = STATES[state];
  return (
    <li
      className={classes["stage"]}
      data-state={state}
      aria-current={state === "current" ? "step" : undefined}
    >
      <Text fw={600} size="sm">
        <span className={classes["mark"]} aria-hidden>
          {state === "current" ? <Loader size={12} /> : mark}
        </span>
        {name}
        <VisuallyHidden>, {words}</VisuallyHidden>
      </Text>
      <Text size="xs" c="dimmed">
        {meaning}
      </Text>
      <Text size="xs" className="mono">
        {timeText(state, at)}
      </Text>
    </li>
  );
}

function timeText(state: StageState, at: string | undefined): string {
  if (at !== undefined) return absoluteTime(at);
  return state === "done" ? "told by what came after" : "";
}
