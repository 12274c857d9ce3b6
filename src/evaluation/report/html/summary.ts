import type { ToldTopic } from "../../tell-topics.ts";
import type { Labels } from "../numbering.ts";
import type { Finding, Outcome } from "../section.ts";
import { type Html, html } from "./html.ts";
import { countOutcomes, outcomeBadge } from "./outcomes.ts";
import { richText } from "./rich-text.ts";
import { findingId } from "./section.ts";

interface PlacedFinding extends Finding {
  readonly anchor: string;
  readonly topicId: string;
}

/** Every finding under its outcome, with a link to where it is told. */
export function summaryHtml(topics: readonly ToldTopic[], labels: Labels): Html {
  const findings = topics.flatMap(({ id, section }) =>
    (section?.findings ?? []).map(
      (finding, index): PlacedFinding => ({
        ...finding,
        anchor: findingId(id, index),
        topicId: id,
      }),
    ),
  );
  const counts = countOutcomes(findings);
  const tally = counts.map(
    ([outcome, count]) =>
      html`<li><a href="#outcome-${outcome}"><b>${count}</b> ${outcomeBadge(outcome)}</a></li>`,
  );
  const groups = counts.map(([outcome]) => groupHtml(outcome, findings, labels));
  return html`<section id="summary">
<h2>Summary</h2>
<p>Claims of the paper are reproduced, not reproduced or cannot be decided by these measurements; claims of this project are shown, refuted or cannot be decided. Each is judged by the numbers of this run, which stand in its section.</p>
<ul class="tally">${tally}</ul>
${failuresHtml(topics, labels)}
${groups}
</section>`;
}

function groupHtml(outcome: Outcome, findings: readonly PlacedFinding[], labels: Labels): Html {
  const items = findings
    .filter((finding) => finding.outcome === outcome)
    .map(
      ({ claim, anchor, topicId }) =>
        html`<li>${richText(claim, labels)} <a href="#${anchor}">${labels.get(topicId) ?? "there"}</a></li>`,
    );
  return html`<h3 id="outcome-${outcome}">${outcomeBadge(outcome)}</h3>
<ul class="claims">${items}</ul>`;
}

function failuresHtml(topics: readonly ToldTopic[], labels: Labels): Html {
  const failed = topics.filter(({ section }) => section === undefined);
  if (failed.length === 0) return html``;
  const links = failed.map(
    ({ id, title }) => html`<a href="#${id}">${labels.get(id) ?? ""}, ${title}</a>`,
  );
  return html`<p class="failure"><b>Not all of it could be measured:</b> ${links}</p>`;
}
