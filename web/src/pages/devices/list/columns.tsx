import { Badge, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Time } from "../../../components/time.tsx";
import { UpdateStatus } from "../../../components/update-status.tsx";
import type { DeviceRow } from "./device-list.ts";

export interface Column {
  readonly heading: string;
  /** As CSS says it; without one the column takes what is left. */
  readonly width?: string;
  readonly isNumeric?: boolean;
  readonly cell: (row: DeviceRow) => ReactNode;
}

const GENERATION: Column = {
  heading: "Generation",
  width: "7rem",
  isNumeric: true,
  cell: ({ generation }) => generation,
};
const UPDATE: Column = {
  heading: "Last update",
  width: "8.5rem",
  cell: ({ updateStatus, updateReason }) => (
    <span title={updateReason ?? undefined}>
      <UpdateStatus status={updateStatus} />
    </span>
  ),
};

/** Behind the DevEUI, where there is room for them. */
export const WIDE_COLUMNS: readonly Column[] = [
  {
    heading: "Name",
    cell: ({ name, isDisabled }) => (
      <>
        {name === "" ? <Unnamed /> : name} {isDisabled && <Disabled />}
      </>
    ),
  },
  { heading: "LoRaWAN", width: "5.5rem", cell: ({ macVersion }) => macVersion },
  GENERATION,
  UPDATE,
  {
    heading: "Keys since",
    width: "8.5rem",
    cell: ({ generationSince }) => <Time at={generationSince} />,
  },
  {
    heading: "Last session",
    width: "8.5rem",
    cell: ({ sessionAt }) => <Time at={sessionAt} never="none yet" />,
  },
];

/** On a phone the name stands below the DevEUI. */
export const PHONE_COLUMNS: readonly Column[] = [
  { ...GENERATION, heading: "Gen.", width: "3rem" },
  { ...UPDATE, heading: "Update", width: "7.1rem" },
];

function Unnamed() {
  return (
    <Text span c="dimmed" size="sm">
      no name
    </Text>
  );
}

function Disabled() {
  return (
    <Badge size="sm" color="gray" variant="outline" tt="none" title="Its joins are refused">
      disabled
    </Badge>
  );
}
