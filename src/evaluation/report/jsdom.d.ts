// The types of jsdom would bring those of a browser's globals into every file of the program.
declare module "jsdom" {
  export class JSDOM {
    constructor(html: string);
    readonly window: { readonly document: object };
  }
}
