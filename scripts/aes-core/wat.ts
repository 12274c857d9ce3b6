/**
 * Words of WebAssembly text. An expression is a string that leaves one value; a statement one that
 * leaves none.
 */
export const get = (local: string): string => `(local.get $${local})`;
export const set = (local: string, value: string): string => `(local.set $${local} ${value})`;
export const xor = (left: string, right: string): string => `(v128.xor ${left} ${right})`;
export const and = (left: string, right: string): string => `(v128.and ${left} ${right})`;
export const i32 = (value: number): string => `(i32.const ${value})`;
export const load = (pointer: string, offset: number): string =>
  `(v128.load offset=${offset} ${pointer})`;
export const store = (pointer: string, offset: number, value: string): string =>
  `(v128.store offset=${offset} ${pointer} ${value})`;
export const splat = (byte: number): string => bytes(() => byte);

/** The byte at place p comes from place `from(p)`: 0 to 15 of `left`, 16 to 31 of `right`. */
export function shuffle(left: string, right: string, from: (place: number) => number): string {
  return `(i8x16.shuffle ${places(from)} ${left} ${right})`;
}

/** The same within one value. */
export const permute = (local: string, from: (place: number) => number): string =>
  shuffle(get(local), get(local), from);

/** A constant of 16 bytes. */
export function bytes(at: (place: number) => number): string {
  return `(v128.const i8x16 ${places(at)})`;
}

function places(at: (place: number) => number): string {
  return Array.from({ length: 16 }, (_, place) => at(place)).join(" ");
}

export interface WatFunction {
  readonly name: string;
  readonly isExported?: boolean;
  /** Name and type. */
  readonly parameters: Readonly<Record<string, "i32" | "v128">>;
  /** How many v128 it leaves. */
  readonly resultCount?: number;
  readonly body: readonly string[];
}

/** One function; every other local that its body sets is a v128, but those that begin with `n`. */
export function formatFunction(wat: WatFunction): string {
  const body = wat.body.join("\n    ");
  const names = new Set(
    [...body.matchAll(/\(local\.(?:set|tee) \$(\w+)/g)].map(([, name]) => name),
  );
  const locals = [...names].filter((name) => !(`${name}` in wat.parameters));
  const lines = [
    `(func $${wat.name}${wat.isExported ? ` (export "${wat.name}")` : ""}`,
    ...Object.entries(wat.parameters).map(([name, type]) => `(param $${name} ${type})`),
    ...(wat.resultCount ? [`(result${" v128".repeat(wat.resultCount)})`] : []),
    ...locals.map((name) => `(local $${name} ${`${name}`.startsWith("n") ? "i32" : "v128"})`),
    body,
  ];
  return `  ${lines.join("\n    ")})`;
}
