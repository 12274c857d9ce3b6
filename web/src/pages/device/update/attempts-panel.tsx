import { Accordion, Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import type { UpdateAttempt, UpdateTimeline } from "../../../api/generated/warren-api.ts";
import { Panel } from "../../../components/panel.tsx";
import { Time } from "../../../components/time.tsx";
import { AttemptSteps } from "./attempt-steps.tsx";
import { CARRIER_WORDS, kindWords, requesterWords } from "./step-words.ts";

const OUTCOMES: Readonly<Record<UpdateAttempt["outcome"], { color: string; words: string }>> = {
  "under-way": { color: "blue", words: "under way" },
  committed: { color: "teal", words: "committed" },
  failed: { color: "red", words: "failed" },
};

interface Props {
  readonly timeline: UpdateTimeline;
  /** Undefined when all are shown. */
  readonly onMore: (() => void) | undefined;
}

/** Each update that was tried, message by message, with who asked and why it ended. */
export function AttemptsPanel({ timeline: { attempts }, onMore }: Props) {
  return (
    <Panel title="Update attempts" about="Each with who asked for it, and its messages.">
      {attempts.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet. Start an update above, or let a policy or a campaign do it.
        </Text>
      ) : (
        <Accordion variant="separated" chevronPosition="left" order={4}>
          {attempts.map((attempt) => (
            <Attempt key={`${attempt.updateId}-${attempt.startedAt}`} attempt={attempt} />
          ))}
        </Accordion>
      )}
      {onMore !== undefined && (
        <Button variant="default" size="xs" mt="sm" onClick={onMore}>
          Show older attempts
        </Button>
      )}
    </Panel>
  );
}

function Attempt({ attempt }: { readonly attempt: UpdateAttempt }) {
  const { updateId, generation, requestedBy, carrier, startedAt, outcome, reason, remedy, steps } =
    attempt;
  const { color, words } = OUTCOMES[outcome];
  return (
    <Accordion.Item value={`${updateId}-${startedAt}`}>
      <Accordion.Control>
        <Group justify="space-between" gap={6}>
          <Text size="sm" fw={600}>
            Update {updateId}{" "}
            <Text span size="sm" c="dimmed" fw={400}>
              of generation {generation}, <Time at={startedAt} />
            </Text>
          </Text>
          <Badge variant="dot" color={color} tt="none">
            {reason === null ? words : `${words}: ${reason}`}
          </Badge>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="sm">
          <Text size="sm">
            Asked for by {requesterWords(requestedBy)}; {kindWords(attempt)}; carried by{" "}
            {CARRIER_WORDS[carrier]}.
          </Text>
          {remedy !== null && <Remedy outcome={outcome} remedy={remedy} />}
          <AttemptSteps steps={steps} />
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

interface RemedyProps {
  readonly outcome: UpdateAttempt["outcome"];
  readonly remedy: string;
}

function Remedy({ outcome, remedy }: RemedyProps) {
  return (
    <Alert color={outcome === "failed" ? "red" : "blue"} variant="light" title="What to do" p="xs">
      {remedy}
    </Alert>
  );
}
