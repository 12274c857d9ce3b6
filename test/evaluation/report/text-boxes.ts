import type { Page } from "playwright-core";

export interface FigureInPage {
  readonly id: string;
  /** Of the smallest of its drawings, CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Shapes that data is drawn with, in the drawing that has the fewest. */
  readonly marks: number;
  /** Pairs of texts that lie on one another. */
  readonly overlaps: readonly string[];
  /** Texts that are cut by the edge of their box. */
  readonly cut: readonly string[];
}

/** Measures every figure of the page as the browser has laid it out. */
export function measureFigures(page: Page): Promise<FigureInPage[]> {
  return page.evaluate(IN_PAGE);
}

// As text, since the types of a browser's globals are not those of this program. Boxes are taken along
// the text, so that labels at a slant are not said to touch; two of them are apart if an edge of one of
// them has all of the other on its far side.
const IN_PAGE = `[...document.querySelectorAll("figure.plot")].map((figure) => {
  // Ascenders and descenders may touch; letters may not.
  const [SLACK_X, SLACK_Y] = [0.5, 1.5];
  const cornersOf = (text) => {
    const { x, y, width, height } = text.getBBox();
    const matrix = text.getScreenCTM();
    const [left, right] = [x + SLACK_X, x + width - SLACK_X];
    const [top, bottom] = [y + SLACK_Y, y + height - SLACK_Y];
    return [[left, top], [right, top], [right, bottom], [left, bottom]]
      .map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
  };
  const isApart = (one, other) => [0, 1, 2, 3].some((index) => {
    const [from, to] = [one[index], one[(index + 1) % 4]];
    return other.every((point) =>
      (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x) <= 0);
  });
  const images = [...figure.querySelectorAll('svg[role="img"]')];
  const sizes = images.map((image) => image.getBoundingClientRect());
  const marksOf = (image) =>
    image.querySelectorAll("g:not([aria-label*=axis]) :is(circle, rect, path, line, image)").length;
  const textsOf = (image) => [...image.querySelectorAll("text")]
    .filter((text) => text.textContent.trim() !== "")
    .map((text) => ({ words: text.textContent, corners: cornersOf(text) }));
  const overlaps = images.flatMap((image) => {
    const texts = textsOf(image);
    return texts.flatMap((one, index) => texts.slice(index + 1)
      .filter((other) => !isApart(one.corners, other.corners) && !isApart(other.corners, one.corners))
      .map((other) => one.words + " / " + other.words));
  });
  const cut = images.flatMap((image) => {
    const frame = image.getBoundingClientRect();
    return textsOf(image).filter(({ corners }) => corners.some(({ x, y }) =>
      x < frame.left - 1 || x > frame.right + 1 || y < frame.top - 1 || y > frame.bottom + 1,
    )).map(({ words }) => words);
  });
  return {
    id: figure.id,
    width: Math.min(...sizes.map(({ width }) => width)),
    height: Math.min(...sizes.map(({ height }) => height)),
    marks: Math.min(...images.map(marksOf)),
    overlaps,
    cut,
  };
})`;
