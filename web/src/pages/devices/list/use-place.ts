import { useMemo } from "react";
import { NavigationType, useNavigationType } from "react-router";

/** Where lists were left, by what they show: kept as long as the page is open. */
const places = new Map<string, number>();

/** Who comes back to a list with the browser's Back finds it scrolled to where it was; others at its top. */
export function usePlace(name: string) {
  const isBack = useNavigationType() === NavigationType.Pop;
  return useMemo(
    () => ({
      initial: isBack ? (places.get(name) ?? 0) : 0,
      keep: (offset: number) => void places.set(name, offset),
    }),
    [name, isBack],
  );
}
