export interface EventLook {
  readonly label: string;
  /** Of Mantine: what went well, what was refused or failed, what an operator did, and the rest. */
  readonly color: "green" | "red" | "orange" | "blue" | "gray" | "teal";
}

const LOOKS: Readonly<Record<string, EventLook>> = {
  "join-accepted": { label: "Join accepted", color: "green" },
  "join-refused": { label: "Join refused", color: "red" },
  "rejoin-accepted": { label: "Rejoin accepted", color: "green" },
  "rejoin-refused": { label: "Rejoin refused", color: "red" },
  "app-s-key-delivered": { label: "AppSKey delivered", color: "gray" },
  "app-s-key-refused": { label: "AppSKey refused", color: "red" },
  "update-started": { label: "Update started", color: "blue" },
  "update-accepted": { label: "Update accepted by the device", color: "blue" },
  "update-confirmed": { label: "New keys proven", color: "blue" },
  "update-committed": { label: "Update committed", color: "teal" },
  "update-failed": { label: "Update failed", color: "red" },
  "device-created": { label: "Device added", color: "gray" },
  "devices-imported": { label: "Devices imported", color: "gray" },
  "device-changed": { label: "Device changed", color: "gray" },
  "device-deleted": { label: "Device deleted", color: "gray" },
  "nonces-reset": { label: "Nonces reset", color: "orange" },
  "security-event": { label: "Security event", color: "orange" },
  "campaign-started": { label: "Campaign started", color: "blue" },
  "campaign-paused": { label: "Campaign paused", color: "orange" },
  "campaign-resumed": { label: "Campaign resumed", color: "blue" },
  "campaign-finished": { label: "Campaign finished", color: "teal" },
  "campaign-aborted": { label: "Campaign aborted", color: "red" },
};

/** What an event is called for people; one of a newer server keeps the name it came with. */
export function eventLook(kind: string): EventLook {
  return LOOKS[kind] ?? { label: kind, color: "gray" };
}
