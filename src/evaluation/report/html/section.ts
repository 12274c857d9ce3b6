import type { Provenance } from "../../provenance.ts";
import type { ToldTopic } from "../../tell-topics.ts";
import type { Labels } from "../numbering.ts";
import type { Block, Finding, Section } from "../section.ts";
import { figureHtml } from "./figure.ts";
import { type Html, html } from "./html.ts";
import { outcomeBadge } from "./outcomes.ts";
import { richText } from "./rich-text.ts";
import { tableHtml } from "./table.ts";

export interface SectionContext {
  /** Of the section, from 1. */
  readonly number: number;
  readonly labels: Labels;
  readonly provenance: Provenance;
}

export function sectionHtml(topic: ToldTopic, context: SectionContext): Html {
  const { section } = topic;
  const body =
    section === undefined
      ? html`<p class="failure"><b>This part failed:</b> ${topic.failure ?? "unknown reason"}</p>`
      : contentHtml(topic.id, section, context);
  return html`<section id="${topic.id}">
<h2><span class="section-number">${context.number}</span> ${topic.title}</h2>
${body}
</section>`;
}

/** The anchor of a finding, which the summary links to. */
export function findingId(topicId: string, index: number): string {
  return `${topicId}-finding-${index + 1}`;
}

function contentHtml(id: string, section: Section, context: SectionContext): Html {
  const { labels } = context;
  return html`${paragraphs(section.introduction, labels)}
${findingsHtml(id, section.findings, labels)}
${blocksHtml(section.blocks, context)}`;
}

function findingsHtml(topicId: string, findings: readonly Finding[], labels: Labels): Html {
  const items = findings.map(
    (finding, index) => html`<li id="${findingId(topicId, index)}">${outcomeBadge(finding.outcome)}
<p class="claim">${richText(finding.claim, labels)}</p>
<p class="evidence">${richText(finding.evidence, labels)}</p></li>`,
  );
  return items.length === 0 ? html`` : html`<ul class="findings">${items}</ul>`;
}

function blocksHtml(blocks: readonly Block[], context: SectionContext): Html {
  let headings = 0;
  const pieces = blocks.map((block) => {
    if (block.kind === "heading") {
      headings += 1;
      const number = `${context.number}.${headings}`;
      return html`<h3><span class="section-number">${number}</span> ${richText(block.text)}</h3>`;
    }
    return blockHtml(block, context);
  });
  return html`${pieces}`;
}

function blockHtml(block: Exclude<Block, { kind: "heading" }>, context: SectionContext): Html {
  const { labels, provenance } = context;
  switch (block.kind) {
    case "text":
      return paragraphs(block.paragraphs, labels);
    case "table":
      return tableHtml(block.table, labels);
    case "figure":
      return figureHtml(block.figure, labels, provenance);
  }
}

function paragraphs(texts: readonly string[], labels: Labels): Html {
  return html`${texts.map((text) => html`<p>${richText(text, labels)}</p>`)}`;
}
