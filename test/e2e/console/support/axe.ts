import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(
  new URL("../../../../node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);

/** What axe finds on a page as it is now: rule, element and what to do, a line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Through the developer tools, which the page's Content-Security-Policy does not bind.
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate("axe.run(document)")) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
  );
}
