import { Button, Group, NativeSelect, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getCampaignsByCampaignIdDevices } from "../../../api/generated/warren-api.ts";
import { type CampaignWithProgress, isMoving } from "../../../campaigns/campaign-queries.ts";
import { OUTCOMES, type Outcome } from "../../../campaigns/outcomes.ts";
import { Loaded } from "../../../components/loaded.tsx";
import { Panel } from "../../../components/panel.tsx";
import { formatCount } from "../../../quantities/numbers.ts";
import { DeviceTable } from "./device-table.tsx";

const PER_PAGE = 50;
/** Heavier than the counts, so less often. */
const REFETCH_MS = 4_000;

/** Each device of the campaign, page by page in the order of their DevEUI. */
export function CampaignDevices({ campaign }: { readonly campaign: CampaignWithProgress }) {
  const { id, progress } = campaign;
  const [state, setState] = useState<Outcome>();
  /** The last DevEUI of each page before this one; a page is found by the one before it. */
  const [trail, setTrail] = useState<readonly string[]>([]);
  const after = trail.at(-1);
  const query = useQuery({
    queryKey: ["campaigns", id, "devices", state, after],
    queryFn: () =>
      getCampaignsByCampaignIdDevices({ campaignId: id, state, limit: PER_PAGE, after }),
    placeholderData: keepPreviousData,
    refetchInterval: isMoving(campaign) ? REFETCH_MS : false,
  });
  const next = query.data?.next ?? null;
  return (
    <Panel
      title="Devices"
      actions={
        <NativeSelect
          aria-label="Show devices that are"
          value={state ?? ""}
          data={choices(progress)}
          onChange={(event) => {
            setTrail([]);
            setState((event.currentTarget.value || undefined) as Outcome | undefined);
          }}
        />
      }
    >
      <Loaded query={query} height={200}>
        {({ devices }) =>
          devices.length === 0 ? (
            <Text size="sm" c="dimmed">
              {campaign.state === "preparing"
                ? "The devices are being put together."
                : "No device is so."}
            </Text>
          ) : (
            <DeviceTable devices={devices} />
          )
        }
      </Loaded>
      {(trail.length > 0 || next !== null) && (
        <Group justify="flex-end" mt="sm" gap="xs">
          <Text size="sm" c="dimmed">
            Page {trail.length + 1}
          </Text>
          <Button
            variant="default"
            size="xs"
            disabled={trail.length === 0}
            onClick={() => setTrail(trail.slice(0, -1))}
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="xs"
            disabled={next === null || query.isPlaceholderData}
            onClick={() => next !== null && setTrail([...trail, next])}
          >
            Next
          </Button>
        </Group>
      )}
    </Panel>
  );
}

function choices({ counts, total }: CampaignWithProgress["progress"]) {
  return [
    { value: "", label: `All (${formatCount(total)})` },
    ...OUTCOMES.map(({ outcome, label }) => ({
      value: outcome,
      label: `${label} (${formatCount(counts[outcome])})`,
    })),
  ];
}
