import { Text, Timeline } from "@mantine/core";
import type { UpdateAttempt } from "../../../api/generated/warren-api.ts";
import { absoluteTime } from "../../../components/time.tsx";
import { BAD_STEPS, GOOD_STEPS, STEP_WORDS } from "./step-words.ts";

/** An attempt message by message. */
export function AttemptSteps({ steps }: Pick<UpdateAttempt, "steps">) {
  return (
    <Timeline bulletSize={14} lineWidth={2} active={steps.length} color="gray">
      {steps.map(({ at, kind, detail }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added behind the others
        <Timeline.Item key={index} color={colorOf(kind)}>
          <Text size="sm">{STEP_WORDS[kind]}</Text>
          {detail !== null && (
            <Text size="xs" className="breakable">
              {detail}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="mono">
            {absoluteTime(at)}
            {index > 0 && ` · ${sincePrevious(steps, index)}`}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

function colorOf(kind: UpdateAttempt["steps"][number]["kind"]): string {
  if (GOOD_STEPS.has(kind)) return "teal";
  return BAD_STEPS.has(kind) ? "red" : "blue";
}

/** `+1.02 s`. */
function sincePrevious(steps: UpdateAttempt["steps"], index: number): string {
  const [before, at] = [steps[index - 1]?.at, steps[index]?.at];
  if (before === undefined || at === undefined) return "";
  const ms = Date.parse(at) - Date.parse(before);
  return ms < 60_000 ? `+${(ms / 1_000).toFixed(2)} s` : `+${Math.round(ms / 60_000)} min`;
}
