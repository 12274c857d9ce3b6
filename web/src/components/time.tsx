import { Text } from "@mantine/core";
import { useEffect, useState } from "react";

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** `2026-11-22 09:14:07` in the time zone of the browser. @param iso ISO 8601 */
export function absoluteTime(iso: string): string {
  return new Date(iso).toLocaleString("sv-SE");
}

/** `3 minutes ago`, `in 2 days`. */
export function relativeTime(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return words.format(Math.round(seconds / size), unit);
}

interface Props {
  /** ISO 8601; null or undefined shows `never`. */
  readonly at: string | null | undefined;
  readonly never?: string;
}

/** How long ago something was, that counts on; the moment itself on hover and for screen readers. */
export function Time({ at, never = "never" }: Props) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  if (at === null || at === undefined) {
    return (
      <Text span c="dimmed" size="sm">
        {never}
      </Text>
    );
  }
  return (
    <time dateTime={at} title={absoluteTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}
