// The types of jsdom would bring those of a browser's globals into every file of the program. These are the
// few that are used.
declare module "jsdom" {
  export interface DomElement {
    readonly tagName: string;
    readonly outerHTML: string;
    readonly firstElementChild: DomElement | null;
    readonly attributes: Iterable<{ readonly name: string; value: string }>;
    textContent: string | null;
    id: string;
    getAttribute(name: string): string | null;
    setAttribute(name: string, value: string): void;
    matches(selector: string): boolean;
    querySelectorAll(selector: string): Iterable<DomElement>;
    prepend(...elements: DomElement[]): void;
    remove(): void;
  }

  export class JSDOM {
    constructor(html: string);
    static fragment(html: string): {
      readonly firstElementChild: DomElement | null;
      querySelectorAll(selector: string): Iterable<DomElement>;
    };
    readonly window: {
      readonly document: { createElementNS(namespace: string, name: string): DomElement };
    };
  }
}
