import { readFileSync } from "node:fs";
import type { Provenance } from "../../provenance.ts";
import type { ToldTopic } from "../../tell-topics.ts";
import { numberParts } from "../numbering.ts";
import { citationHtml } from "./front-matter/citation.ts";
import { formatTime, formatWarrenVersion, provenanceHtml } from "./front-matter/provenance.ts";
import { termsHtml } from "./front-matter/terms.ts";
import { Html, html, NOTHING } from "./html.ts";
import { sectionHtml } from "./section.ts";
import { summaryHtml } from "./summary.ts";
import { TITLE } from "./title.ts";

/** Below `style`, in the order in which they hold. */
const STYLES = ["page", "findings", "tables-and-figures", "print"];

/** The whole report as one file that needs nothing else: no script, no font, no request. */
export function pageHtml(topics: readonly ToldTopic[], provenance: Provenance): string {
  const labels = numberParts(topics);
  const seconds = topics.reduce((sum, topic) => sum + topic.seconds, 0);
  const tools = Object.assign({}, ...topics.map((topic) => topic.tools ?? {}));
  const sections = topics.map((topic, index) =>
    sectionHtml(topic, { number: index + 1, labels, provenance }),
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="The evaluation of Han and Wang (2018), repeated and taken further">
<title>${TITLE}</title>
<link rel="icon" href="data:,">
<style>${styleSheet()}</style>
</head>
<body>
<header>
<h1>${TITLE}</h1>
<p class="subtitle">What Han and Wang measured for their root key update (Cryptography 2018, 2(4), 34), repeated and taken further.</p>
<p class="edition">Warren ${formatWarrenVersion(provenance.warren)} · ${formatTime(provenance.startedAt)} · ${provenance.scale} run · seed “${provenance.seed}”</p>
${cautionHtml(provenance)}
</header>
${contentsHtml(topics)}
<main>
${summaryHtml(topics, labels)}
${termsHtml()}
${sections}
<section id="provenance">
<h2>Provenance</h2>
${provenanceHtml(provenance, tools, seconds)}
</section>
${citationHtml(provenance)}
</main>
</body>
</html>
`;
  return page.text;
}

/** So that nobody takes what a short run says for a result. */
function cautionHtml({ scale }: Provenance): Html {
  if (scale !== "short") return NOTHING;
  return html`<p class="caution"><b>A short run.</b> It measures too little to decide anything, and shows what the report looks like.</p>`;
}

function contentsHtml(topics: readonly ToldTopic[]): Html {
  const items = topics.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  const others = Object.entries({
    summary: "Summary",
    terms: "Terms",
    provenance: "Provenance",
    citation: "How to cite",
  }).map(([id, title]) => html`<a href="#${id}">${title}</a>`);
  return html`<nav aria-label="Contents">
<h2>Contents</h2>
<ol>${items}</ol>
<p>${others}</p>
</nav>`;
}

function styleSheet(): Html {
  const read = (name: string) =>
    readFileSync(new URL(`./style/${name}.css`, import.meta.url), "utf8");
  return new Html(STYLES.map(read).join(""));
}
