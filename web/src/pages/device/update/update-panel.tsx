import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Device, UpdateTimeline } from "../../../api/generated/warren-api.ts";
import { useRights } from "../../../api/use-rights.ts";
import { Panel } from "../../../components/panel.tsx";
import { Time } from "../../../components/time.tsx";
import { AbortUpdateModal } from "../actions/abort-update-modal.tsx";
import { StartUpdateModal } from "../actions/start-update-modal.tsx";
import { isUnderWay } from "../use-device.ts";
import { CARRIER_WORDS, kindWords, requesterWords } from "./step-words.ts";
import { UpdateStages } from "./update-stages.tsx";

interface Props {
  readonly device: Device;
  readonly timeline: UpdateTimeline;
}

/** The update that is under way, or the last one, as it goes. */
export function UpdatePanel({ device, timeline }: Props) {
  const mayUpdate = useRights()("update:run");
  const [isStarting, start] = useDisclosure(false);
  const [isAborting, abort] = useDisclosure(false);
  const [attempt] = timeline.attempts;
  const isWatched = isUnderWay(device);
  return (
    <Panel
      title="Root key update"
      about="New root keys over the air. Until it is committed, the device and this server keep the old ones."
      actions={
        mayUpdate && (
          <>
            {isWatched && (
              <Button size="xs" variant="default" onClick={abort.open}>
                Abort
              </Button>
            )}
            <Button size="xs" onClick={start.open} disabled={device.isDisabled}>
              {isWatched ? "Ask again" : "Start an update"}
            </Button>
          </>
        )
      }
    >
      {attempt === undefined ? (
        <Text size="sm" c="dimmed">
          None yet: the device has the root keys that it was given.
        </Text>
      ) : (
        <Stack gap="sm">
          <Group gap={6}>
            <Text size="sm">
              Update {attempt.updateId}: {kindWords(attempt)}, by {CARRIER_WORDS[attempt.carrier]},
              for {requesterWords(attempt.requestedBy)}, <Time at={attempt.startedAt} />
            </Text>
          </Group>
          <UpdateStages attempt={attempt} />
          <div role="status">
            {attempt.outcome === "failed" && (
              <Alert
                color="red"
                variant="light"
                title={`It failed: ${attempt.reason ?? "no reason"}`}
              >
                {attempt.remedy}
              </Alert>
            )}
            {attempt.outcome === "under-way" && <Text size="sm">{attempt.remedy}</Text>}
            {attempt.outcome === "committed" && (
              <Text size="sm">
                Committed: the device is at generation {attempt.generation + 1}.
              </Text>
            )}
          </div>
        </Stack>
      )}
      {isStarting && <StartUpdateModal device={device} onClose={start.close} />}
      <AbortUpdateModal device={device} isOpen={isAborting} onClose={abort.close} />
    </Panel>
  );
}
