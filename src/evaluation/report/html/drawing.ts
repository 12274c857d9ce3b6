import { type DomElement, JSDOM } from "jsdom";
import { Html } from "./html.ts";

const SVG = "http://www.w3.org/2000/svg";
/** The style that Plot repeats in everything it draws; `tables-and-figures.css` has what is needed. */
const STYLE_OF_PLOT = /^\s*:where\(\.plot-/;

const BLACK = new Set(["black", "#000", "#000000"]);

export interface NamedDrawing {
  /** Unique in the page. */
  readonly id: string;
  /** What it is and what it shows, for those who cannot see it. */
  readonly title: string;
  readonly description: string;
  /** An SVG element, or an element with one and its legend. */
  readonly svg: string;
}

/**
 * Fits a drawing into the page: one image with a name and a description, and no id in it that another
 * drawing has.
 *
 * @throws Error if it has no SVG element
 */
export function drawingHtml(drawing: NamedDrawing): Html {
  const root = JSDOM.fragment(drawing.svg.trim()).firstElementChild;
  const image = root === null ? undefined : imageOf(root);
  if (root === null || image === undefined) throw new Error(`${drawing.id} is no SVG`);
  for (const style of root.querySelectorAll("style")) {
    if (STYLE_OF_PLOT.test(style.textContent ?? "")) style.remove();
  }
  for (const other of root.querySelectorAll("svg")) {
    if (other !== image) other.setAttribute("aria-hidden", "true");
  }
  makeIdsUnique(root, drawing.id);
  for (const element of [root, ...root.querySelectorAll("*")]) adaptColours(element);
  nameImage(image, drawing);
  return new Html(root.outerHTML);
}

/** The drawing itself, among the small ones of a legend: the last that is not inside another. */
function imageOf(root: DomElement): DomElement | undefined {
  if (root.matches("svg")) return root;
  return [...root.querySelectorAll("svg")].filter((svg) => !svg.matches("svg svg")).at(-1);
}

function makeIdsUnique(root: DomElement, prefix: string): void {
  const elements = [root, ...root.querySelectorAll("*")];
  const renamed = new Map<string, string>();
  for (const element of elements.filter(({ id }) => id !== "")) {
    renamed.set(element.id, `${prefix}-${element.id}`);
    element.id = `${prefix}-${element.id}`;
  }
  if (renamed.size === 0) return;
  for (const element of elements) {
    for (const attribute of element.attributes) {
      const [, id] = /^(?:url\()?#([^)]+)\)?$/.exec(attribute.value) ?? [];
      const name = id === undefined ? undefined : renamed.get(id);
      if (name !== undefined) attribute.value = attribute.value.replace(`#${id}`, `#${name}`);
    }
  }
}

/** What is drawn in black is to be seen on a dark page too. */
function adaptColours(element: DomElement): void {
  for (const name of ["fill", "stroke"]) {
    const colour = element.getAttribute(name);
    if (colour !== null && BLACK.has(colour)) element.setAttribute(name, "currentColor");
  }
}

function nameImage(image: DomElement, { id, title, description }: NamedDrawing): void {
  const { document } = new JSDOM("").window;
  const named = (name: string, text: string) => {
    const element = document.createElementNS(SVG, name);
    element.id = `${id}-${name}`;
    element.textContent = text;
    return element;
  };
  image.setAttribute("role", "img");
  const width = Number(image.getAttribute("width"));
  const style = image.getAttribute("style") ?? "";
  // On a phone it may be scrolled, but not be made so small that its texts cannot be read.
  if (width > 0) image.setAttribute("style", `${style}--width: ${width}px;`);
  image.setAttribute("aria-labelledby", `${id}-title ${id}-desc`);
  image.prepend(named("title", title), named("desc", description));
}
