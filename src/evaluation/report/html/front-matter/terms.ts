import { type Html, html } from "../html.ts";
import { richText } from "../rich-text.ts";

/** What the words of more than one section mean, for who begins to read anywhere. */
const TERMS: readonly (readonly [string, string])[] = [
  [
    "Suites 0 to 3",
    "The key derivations of this project. Suite 0, rabbit-split: the paper's, with its Table 2 in the reading " +
      "called E1. Suite 1, rabbit: the paper's extractor with an expander that does not split the keys; the default. Suite 2, " +
      "aes-cmac: extraction and expansion with AES-CMAC (SP 800-56C, SP 800-108). Suite 3, hkdf-sha256: HKDF of RFC 5869.",
  ],
  [
    "NwkKey, AppKey; NwkKey', AppKey'",
    "The two root keys before and after an update, 128 bits each; in the paper ka, kb and k'a, k'b.",
  ],
  [
    "Extractor, kkdk, expander",
    "The two steps of a key derivation in the paper: keying material goes into a key derivation key, kkdk, and that into the new keys.",
  ],
  [
    "Counter, ratchet",
    "Streams of derived keys: always from the same root keys with a context that counts, or each time from the keys that the update before gave.",
  ],
  [
    "Plain and healing update",
    "Without and with a shared secret of X25519 in the derivation. A plain one is derived from old keys and nonces alone, like the paper's.",
  ],
  [
    "Weak generator, control",
    "Keys that anybody can find, and keys of AES-256 in counter mode: both go through the same tests as the derived ones.",
  ],
];

export function termsHtml(): Html {
  const rows = TERMS.map(
    ([term, meaning]) => html`<div><dt>${term}</dt><dd>${richText(meaning)}</dd></div>`,
  );
  return html`<section class="terms" id="terms">
<h2>Terms</h2>
<dl>
${rows}
</dl>
<p>Tables and figures of this report are numbered within its sections, such as Table 1.1; “Table 3” and “Figure 7” are the paper's.</p>
</section>`;
}
