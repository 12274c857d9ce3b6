import type { Provenance } from "../../../provenance.ts";
import { type Html, html } from "../html.ts";
import { TITLE } from "../title.ts";
import { formatWarrenVersion } from "./provenance.ts";

/** How to cite the report and the paper it is about. */
export function citationHtml(provenance: Provenance): Html {
  const { warren, startedAt, seed, scale } = provenance;
  const [date, year] = [startedAt.slice(0, 10), startedAt.slice(0, 4)];
  const version = formatWarrenVersion(warren);
  const bibtex = `@misc{warren-evaluation-${date},
  title  = {${TITLE.replace("LoRaWAN", "{LoRaWAN}")}},
  author = {{The Warren authors}},
  year   = {${year}},
  note   = {Warren ${version}; ${scale} run of ${date}, seed ${seed}}
}
@article{han-wang-2018,
  title   = {An Enhanced Key Management Scheme for {LoRaWAN}},
  author  = {Han, J. and Wang, J.},
  journal = {Cryptography},
  volume  = {2},
  number  = {4},
  pages   = {34},
  year    = {2018},
  doi     = {10.3390/cryptography2040034}
}`;
  return html`<section id="citation">
<h2>How to cite</h2>
<p>The Warren authors, <cite>${TITLE}</cite>, Warren ${version}, ${scale} run of ${date}, seed “${seed}”.</p>
<p>The paper: J. Han and J. Wang, <cite>An Enhanced Key Management Scheme for LoRaWAN</cite>, Cryptography 2018, 2(4), 34, <a href="https://doi.org/10.3390/cryptography2040034">doi:10.3390/cryptography2040034</a>.</p>
<details><summary>BibTeX</summary><pre>${bibtex}</pre></details>
</section>`;
}
