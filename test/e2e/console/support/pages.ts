import type { Page } from "playwright-core";

const WAITING = '[aria-busy="true"], [aria-label^="Loading"], [aria-label="Signing in"]';
/** Runs in the page: until what fades in or moves has done so, but for what turns for ever. */
const STILL = `Promise.allSettled(
  document.getAnimations()
    .filter(({ effect }) => effect.getTiming().iterations !== Infinity)
    .map(({ finished }) => finished),
)`;

/** Opens a page of the console and waits until it has all that it shows at first. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`/console${path}`);
  await settled(page);
}

/** Until the page has a heading, and nothing in it is still being loaded. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h2, form").first().waitFor();
  await page.locator(WAITING).first().waitFor({ state: "detached" });
  await page.evaluate(STILL);
}

/** How far the page can be scrolled sideways, in px. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
}
