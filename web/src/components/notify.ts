import { notifications } from "@mantine/notifications";
import { messageOf } from "../api/api-error.ts";

/** A short word that something is done; it goes by itself. */
export function notifyDone(message: string): void {
  notifications.show({ color: "green", message, autoClose: 5_000 });
}

/** What went wrong and what to do; it stays until it is closed. @param title what was tried */
export function notifyFailed(title: string, error: unknown): void {
  notifications.show({ color: "red", title, message: messageOf(error), autoClose: false });
}
