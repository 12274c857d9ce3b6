import { Badge, Group } from "@mantine/core";
import { absoluteTime, Time } from "./time.tsx";

const DAY_MS = 86_400_000;
/** Long enough to get a certificate issued and to both ends. */
const WARN_DAYS = 30;

interface Props {
  /** ISO 8601; null for what never expires. */
  readonly at: string | null;
}

/** When something expires, with a warning from 30 days before. */
export function Expiry({ at }: Props) {
  if (at === null) return <>never expires</>;
  const left = Date.parse(at) - Date.now();
  if (left > WARN_DAYS * DAY_MS) return <time dateTime={at}>{absoluteTime(at).slice(0, 10)}</time>;
  return (
    <Group component="span" gap={6} display="inline-flex">
      <Time at={at} />
      <Badge component="span" size="sm" variant="light" color={left <= 0 ? "red" : "orange"}>
        {left <= 0 ? "expired" : "expires soon"}
      </Badge>
    </Group>
  );
}
