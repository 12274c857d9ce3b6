import { Grid } from "@mantine/core";
import type { ReactNode } from "react";
import { type Bar, BarList } from "../../charts/bar-list.tsx";
import { Panel } from "../../components/panel.tsx";
import { countOfStatus } from "./device-statuses.ts";
import type { OverviewData } from "./overview-queries.ts";

type Devices = OverviewData["devices"];

/** More generations than these are put together, the newest shown one by one. */
const GENERATIONS_SHOWN = 8;

const STATUS_HINTS = [
  ["prepared", "the device has not answered yet"],
  ["accepted", "the device has said that it will"],
  ["confirmed", "new keys proven, a join is to follow"],
  ["committed", "the new root keys are in use"],
  ["failed", "the old root keys stay"],
] as const;

/** What the devices are alike in; each bar leads to those it counts. */
export function DeviceBars({ devices }: { readonly devices: Devices }) {
  const { total } = devices;
  return (
    <Grid gap="md">
      <Part title="Devices by generation" about="Root key updates committed; 0 is factory keys.">
        <BarList
          label="Devices by generation"
          heading="Generation"
          bars={generationBars(devices)}
          total={total}
        />
      </Part>
      <Part title="Devices by update status" about="Of the last root key update of each.">
        <BarList
          label="Devices by update status"
          heading="Status"
          bars={statusBars(devices)}
          total={total}
        />
      </Part>
      <Part title="Devices by LoRaWAN version" about="As on record.">
        <BarList
          label="Devices by LoRaWAN version"
          heading="Version"
          bars={devices.byMacVersion.map(({ macVersion, count }) => ({
            label: macVersion,
            count,
            to: `/devices?macVersion=${macVersion}`,
          }))}
          total={total}
        />
      </Part>
    </Grid>
  );
}

interface PartProps {
  readonly title: string;
  readonly about: string;
  readonly children: ReactNode;
}

function Part({ title, about, children }: PartProps) {
  return (
    <Grid.Col span={{ base: 12, sm: 6, lg: 4 }}>
      <Panel title={title} about={about}>
        {children}
      </Panel>
    </Grid.Col>
  );
}

function generationBars({ byGeneration }: Devices): Bar[] {
  const newestFirst = byGeneration.toReversed();
  const bars: Bar[] = newestFirst.slice(0, GENERATIONS_SHOWN).map(({ generation, count }) => ({
    label: String(generation),
    count,
    to: `/devices?generation=${generation}`,
    ...(generation === 0 ? { hint: "factory keys" } : {}),
  }));
  const older = newestFirst.slice(GENERATIONS_SHOWN);
  const oldest = older.at(-1);
  if (oldest === undefined) return bars;
  const count = older.reduce((sum, each) => sum + each.count, 0);
  return [...bars, { label: `${oldest.generation} to ${older[0]?.generation}`, count }];
}

function statusBars(devices: Devices): Bar[] {
  const updated = STATUS_HINTS.map(([status, hint]) => ({
    label: status,
    hint,
    count: countOfStatus(devices, status),
    to: `/devices?updateStatus=${status}`,
  }));
  return [...updated, { label: "none yet", count: countOfStatus(devices, "none") }];
}
