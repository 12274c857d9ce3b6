import { Badge } from "@mantine/core";
import type { ReactNode } from "react";
import { Time } from "../../../components/time.tsx";
import { UpdateStatus } from "../../../components/update-status.tsx";
import type { DeviceRow } from "./device-list.ts";
import classes from "./device-table.module.css";

export interface Column {
  readonly heading: string;
  /** As CSS says it; without one the column takes what is left. */
  readonly width?: string;
  readonly isNumeric?: boolean;
  readonly cell: (row: DeviceRow) => ReactNode;
}

// Plain elements where there is a choice: while somebody scrolls, dozens of rows are made in each frame.
const NONE_YET = <span className={classes["dimmed"]}>none yet</span>;

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
      {updateStatus === null ? NONE_YET : <UpdateStatus status={updateStatus} />}
    </span>
  ),
};

/** Behind the DevEUI, where there is room for them. */
export const WIDE_COLUMNS: readonly Column[] = [
  {
    heading: "Name",
    cell: ({ name, isDisabled }) => (
      <>
        {name === "" ? <span className={classes["dimmed"]}>no name</span> : name}{" "}
        {isDisabled && <Disabled />}
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
    cell: ({ lastJoinAt }) => (lastJoinAt === null ? NONE_YET : <Time at={lastJoinAt} />),
  },
];

/** On a phone the name stands below the DevEUI. */
export const PHONE_COLUMNS: readonly Column[] = [
  { ...GENERATION, heading: "Gen.", width: "3rem" },
  { ...UPDATE, heading: "Update", width: "7.1rem" },
];

function Disabled() {
  return (
    <Badge size="sm" color="gray" variant="outline" tt="none" title="Its joins are refused">
      disabled
    </Badge>
  );
}
