import { Badge, Button, Group, Stack, Text, Timeline } from "@mantine/core";
import { useState } from "react";
import type { Device, UpdateTimeline } from "../../../api/generated/warren-api.ts";
import { Identifier } from "../../../components/identifier.tsx";
import { Panel } from "../../../components/panel.tsx";
import { Time } from "../../../components/time.tsx";
import { countOf } from "../../../quantities/numbers.ts";

/** Generations shown before somebody asks for more. */
const FIRST = 6;

interface Props {
  readonly device: Device;
  readonly timeline: UpdateTimeline;
}

/** The life of the root keys: each generation, since when, and what it came from. */
export function GenerationsPanel({ device, timeline: { generations } }: Props) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? generations : generations.slice(0, FIRST);
  return (
    <Panel
      title="Generations of root keys"
      about={`At generation ${device.generation}: each committed update makes a new one, and the old keys are erased.`}
    >
      <Timeline bulletSize={16} lineWidth={2} active={shown.length}>
        {device.candidateRootKeys !== null && (
          <Timeline.Item color="gray" lineVariant="dashed">
            <Text size="sm" fw={600}>
              Candidate for generation {device.generation + 1}
            </Text>
            <Fingerprints keys={device.candidateRootKeys} />
          </Timeline.Item>
        )}
        {shown.map(({ generation, since, updateId }) => (
          <Timeline.Item
            key={generation}
            color={generation === device.generation ? undefined : "gray"}
          >
            <Group gap={6}>
              <Text size="sm" fw={600}>
                Generation {generation}
              </Text>
              {generation === device.generation && <Badge tt="none">in use</Badge>}
            </Group>
            <Text size="sm">
              since <Time at={since} never="before the record begins" />
              {originWords(generation, updateId)}
            </Text>
            {generation === device.generation && (
              <>
                <Fingerprints keys={device.rootKeys} />
                <Text size="sm">
                  {countOf(device.generationSessions, "session")} made from them
                </Text>
              </>
            )}
          </Timeline.Item>
        ))}
      </Timeline>
      {generations.length > FIRST && !isWhole && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setWhole(true)}>
          Show {countOf(generations.length - FIRST, "older generation")}
        </Button>
      )}
    </Panel>
  );
}

function originWords(generation: number, updateId: number | null): string {
  if (updateId !== null) return `, by update ${updateId}`;
  return generation === 0 ? ", as the device was given them" : "";
}

function Fingerprints({ keys }: { readonly keys: Device["rootKeys"] }) {
  return (
    <Stack gap={0}>
      <Text size="sm">
        NwkKey <Identifier>{keys.nwkKey}</Identifier>, AppKey <Identifier>{keys.appKey}</Identifier>{" "}
        <Text span size="xs" c="dimmed">
          (fingerprints)
        </Text>
      </Text>
    </Stack>
  );
}
