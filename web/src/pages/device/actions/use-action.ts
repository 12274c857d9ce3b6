import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

/** Something that is done to a device: whether it is under way, and what went wrong. */
export function useAction(devEui: string, onDone: () => void) {
  const client = useQueryClient();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const run = async (action: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    try {
      await action();
      // Shown at once, not when the event arrives.
      void client.invalidateQueries({ queryKey: ["devices", devEui] });
      onDone();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { run, error, isBusy };
}
