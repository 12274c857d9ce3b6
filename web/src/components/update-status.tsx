import { Badge, Text } from "@mantine/core";

export type UpdateStatusName = "prepared" | "accepted" | "confirmed" | "committed" | "failed";

const COLORS: Readonly<Record<UpdateStatusName, string>> = {
  prepared: "blue",
  accepted: "blue",
  confirmed: "blue",
  committed: "teal",
  failed: "red",
};
const MEANINGS: Readonly<Record<UpdateStatusName, string>> = {
  prepared: "Under way: the device has not answered yet",
  accepted: "Under way: the device has said that it will",
  confirmed: "Under way: the device has proven its new keys and has to join",
  committed: "Over: the new root keys are in use",
  failed: "Over: the old root keys stay",
};

/** How far the last root key update of a device has come; null before its first. */
export function UpdateStatus({ status }: { readonly status: UpdateStatusName | null }) {
  if (status === null) {
    return (
      <Text span c="dimmed" size="sm">
        none yet
      </Text>
    );
  }
  return (
    <Badge variant="dot" color={COLORS[status]} tt="none" title={MEANINGS[status]}>
      {status}
    </Badge>
  );
}
