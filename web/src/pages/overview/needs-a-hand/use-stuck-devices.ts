import { useQuery } from "@tanstack/react-query";
import type { ServerEvent } from "../../../api/events.ts";
import { getReportsStuckDevices, type StuckDevice } from "../../../api/generated/warren-api.ts";
import { useLiveQuery } from "../../../api/live-queries.ts";
import type { Matter } from "./matter.ts";

const KEY = ["devices", "stuck"] as const;
const SHOWN = 50;
/** A page may have none and still go on; one looks at thousands of devices. */
const PAGES_MAX = 10;

const WORDS: Readonly<Record<StuckDevice["problems"][number]["kind"], string>> = {
  "no-carrier": "no carrier",
  "not-handed-over": "not handed over",
  silent: "silent",
  "no-proof": "no proof",
  "not-joined": "not joined",
  failing: "failing",
  "update-ids-low": "UpdateIDs run out",
};

const concerns = ({ kind }: ServerEvent) => kind.startsWith("update-") || kind.startsWith("device");

/** Devices whose updates do not get on. @param count as the overview knows it; none are asked for at 0 */
export function useStuckDevices(count: number): Matter[] {
  useLiveQuery(KEY, concerns);
  const { data = [] } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => readStuckDevices(signal),
    enabled: count > 0,
    refetchInterval: 30_000,
  });
  return count === 0 ? [] : data.flatMap(describe);
}

async function readStuckDevices(signal: AbortSignal): Promise<StuckDevice[]> {
  const devices: StuckDevice[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < PAGES_MAX && devices.length < SHOWN; pages++) {
    const query = { limit: SHOWN, ...(after === null ? {} : { after }) };
    const page: Awaited<ReturnType<typeof getReportsStuckDevices>> = await getReportsStuckDevices(
      query,
      { signal },
    );
    devices.push(...page.devices);
    after = page.next;
    if (after === null) break;
  }
  return devices.slice(0, SHOWN);
}

function describe({ devEui, name, problems }: StuckDevice): Matter[] {
  const [worst] = problems;
  if (worst === undefined) return [];
  const why = worst.why.charAt(0).toUpperCase() + worst.why.slice(1);
  return [
    {
      key: `stuck-${devEui}`,
      word: WORDS[worst.kind],
      color: "orange",
      to: `/devices/${devEui}`,
      label: name === "" ? devEui : `${devEui} ${name}`,
      isIdentifier: true,
      detail: `${why}. ${worst.remedy}`,
    },
  ];
}
