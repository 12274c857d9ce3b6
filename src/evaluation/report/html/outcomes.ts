import type { Finding, Outcome } from "../section.ts";
import { type Html, html } from "./html.ts";

/** In the order of the summary. */
export const OUTCOMES: Readonly<Record<Outcome, string>> = {
  reproduced: "reproduced",
  "not-reproduced": "not reproduced",
  undecidable: "cannot be decided",
  shown: "shown",
  refuted: "refuted",
};

export function outcomeBadge(outcome: Outcome): Html {
  const text = OUTCOMES[outcome];
  const capitalised = text.charAt(0).toUpperCase() + text.slice(1);
  return html`<span class="outcome ${outcome}">${capitalised}</span>`;
}

/** How many findings have each outcome that occurs. */
export function countOutcomes(findings: readonly Finding[]): [Outcome, number][] {
  return (Object.keys(OUTCOMES) as Outcome[])
    .map((outcome): [Outcome, number] => [
      outcome,
      findings.filter((finding) => finding.outcome === outcome).length,
    ])
    .filter(([, count]) => count > 0);
}
