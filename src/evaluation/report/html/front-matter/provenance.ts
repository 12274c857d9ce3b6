import type { Provenance, WarrenVersion } from "../../../provenance.ts";
import { formatNumber } from "../../format-number.ts";
import { type Html, html } from "../html.ts";

const GIB = 2 ** 30;

/** `0.1.0, commit 5546affa0c12, with changes`. */
export function formatWarrenVersion({ version, commit, isModified }: WarrenVersion): string {
  if (commit === null) return `${version}, commit unknown`;
  return `${version}, commit ${commit.slice(0, 12)}${isModified ? ", with changes" : ""}`;
}

/** `2026-10-03 12:00 UTC`. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** The line under every figure: seed, versions, processor. */
export function madeWith({ seed, scale, warren, versions, processor }: Provenance): Html {
  const node = `Node ${versions["Node"]}, OpenSSL ${versions["OpenSSL"]}`;
  return html`seed “${seed}”, ${scale} · Warren ${formatWarrenVersion(warren)} · ${node} · ${processor.model}`;
}

/**
 * All of it, as a list.
 *
 * @param tools of single topics, by kind
 * @param seconds that it took in all
 */
export function provenanceHtml(
  provenance: Provenance,
  tools: Readonly<Record<string, string>>,
  seconds: number,
): Html {
  const { processor, versions } = provenance;
  const rows: [string, string][] = [
    ["Measured", `${formatTime(provenance.startedAt)}, in ${formatDuration(seconds)}`],
    ["Scale", provenance.scale],
    ["Seed", provenance.seed],
    ["Warren", formatWarrenVersion(provenance.warren)],
    [
      "Versions",
      Object.entries(versions)
        .map((pair) => pair.join(" "))
        .join(", "),
    ],
    ...Object.entries(tools),
    ["Processor", `${processor.model}, ${processor.architecture}, ${processor.cores} cores`],
    ["Memory", `${formatNumber(provenance.memoryBytes / GIB, 3)} GiB`],
    ["Operating system", provenance.operatingSystem],
    ["Workers", String(provenance.workers)],
  ];
  return html`<dl class="provenance">
${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>`;
}

function formatDuration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}
