import { Badge, Text } from "@mantine/core";
import { useStreamState } from "../api/events.ts";

const LOOKS = {
  live: { color: "green", label: "live" },
  connecting: { color: "gray", label: "connecting" },
  interrupted: { color: "orange", label: "interrupted" },
} as const;

/** Whether what is shown follows the server. */
export function LiveState() {
  const { color, label } = LOOKS[useStreamState()];
  return (
    <Badge variant="dot" color={color} role="status" aria-label={`Live updates: ${label}`}>
      {/* On a phone the dot alone: its name and its colour say the same. */}
      <Text span inherit visibleFrom="xs">
        {label}
      </Text>
    </Badge>
  );
}
