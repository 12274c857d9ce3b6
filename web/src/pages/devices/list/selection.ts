import { useCallback, useRef, useState } from "react";
import type { DeviceRow } from "./device-list.ts";

/** Devices chosen one by one, or all that match the filters, whether or not they are loaded. */
export interface Selection {
  readonly devEuis: ReadonlySet<string>;
  readonly isAllMatching: boolean;
  /** @param isRange from the one chosen before to this one, as with the shift key */
  readonly toggle: (index: number, isRange: boolean) => void;
  readonly toggleAll: () => void;
  readonly clear: () => void;
}

const NONE: ReadonlySet<string> = new Set();

export function useSelection(rows: readonly DeviceRow[]): Selection {
  const [devEuis, setDevEuis] = useState(NONE);
  const [isAllMatching, setAllMatching] = useState(false);
  const last = useRef<string>(undefined);
  const toggle = useCallback(
    (index: number, isRange: boolean) => {
      const before = isRange ? rows.findIndex(({ devEui }) => devEui === last.current) : -1;
      const from = before < 0 ? index : Math.min(before, index);
      const chosen = rows.slice(from, before < 0 ? index + 1 : Math.max(before, index) + 1);
      const devEui = rows[index]?.devEui;
      if (devEui === undefined) return;
      last.current = devEui;
      setDevEuis((current) => {
        const next = new Set(current);
        const isAdded = !current.has(devEui);
        for (const row of chosen) isAdded ? next.add(row.devEui) : next.delete(row.devEui);
        return next;
      });
    },
    [rows],
  );
  const clear = useCallback(() => {
    setDevEuis(NONE);
    setAllMatching(false);
  }, []);
  const toggleAll = useCallback(() => {
    setDevEuis(NONE);
    setAllMatching((isAll) => !isAll);
  }, []);
  return { devEuis, isAllMatching, toggle, toggleAll, clear };
}
