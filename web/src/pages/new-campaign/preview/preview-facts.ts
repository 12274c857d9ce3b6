import type { CampaignPreview } from "../../../api/generated/warren-api.ts";
import { absoluteTime } from "../../../components/time.tsx";
import { formatDuration } from "../../../quantities/duration.ts";
import { countOf, formatCount } from "../../../quantities/numbers.ts";

/** Reasons that a preview can tell; a device may be left out later for others. */
const SKIPPED_WORDS: Readonly<Record<string, string>> = {
  "device-unknown": "not on record",
  "device-disabled": "disabled",
  "generation-newer": "of a newer generation",
  "sealed-value-damaged": "whose keys on record do not open",
};

type Fact = readonly [name: string, value: string | undefined];

export function previewFacts(preview: CampaignPreview): readonly Fact[] {
  const { devices, canaries, gateways, underWay, startsMs, lastStartAt } = preview;
  const skipped = list(preview.skipped, (reason, count) => {
    return `${formatCount(count)} ${SKIPPED_WORDS[reason] ?? reason}`;
  });
  if (devices === 0) return [["Left out", skipped]];
  return [
    ["Left out", skipped ?? "none"],
    [
      "Go first",
      canaries === 0
        ? "none: all start together"
        : `about ${countOf(canaries, "canary", "canaries")}`,
    ],
    [
      "Starts take",
      `${formatDuration(startsMs)} or more, until ${absoluteTime(lastStartAt)}; canaries and retries come on top`,
    ],
    ["Gateways", gateways === 0 ? "none known yet" : formatCount(gateways)],
    [
      "Update under way",
      underWay === 0 ? undefined : `${countOf(underWay, "device")}; their end is waited for`,
    ],
    [
      "Root keys now",
      list(preview.generations, (name, count) => `${formatCount(count)} of generation ${name}`),
    ],
    [
      "LoRaWAN version",
      list(preview.macVersions, (name, count) => `${formatCount(count)} of ${name}`),
    ],
  ];
}

function list(
  counts: Readonly<Record<string, number>>,
  text: (name: string, count: number) => string,
): string | undefined {
  const parts = Object.entries(counts).map(([name, count]) => text(name, count));
  return parts.length === 0 ? undefined : parts.join(", ");
}
