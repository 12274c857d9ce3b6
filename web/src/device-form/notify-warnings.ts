import { notifications } from "@mantine/notifications";
import type { Warning } from "../api/generated/warren-api.ts";

/** What may be a mistake in a device that was taken; it stays until it is closed. */
export function notifyWarnings(warnings: readonly Warning[] | undefined): void {
  for (const { message } of warnings ?? []) {
    notifications.show({
      color: "orange",
      title: "Taken, but look at this",
      message,
      autoClose: false,
    });
  }
}
