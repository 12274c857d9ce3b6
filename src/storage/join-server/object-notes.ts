/**
 * What is known of objects beside what they say themselves, as a `WeakMap` from object to note, but each note lies in
 * its object: with some ten thousand devices in memory, which change with every join, V8 stood still for 0.4 s whenever
 * it went through the `WeakMap`s of all of them. A note is in no copy, in no JSON, in no clone for another thread, and
 * no comparison sees it. Debuggers do, so it holds nothing that is secret.
 */
export class ObjectNotes<T extends object, Note> {
  readonly #name = Symbol("note");

  get(object: T): Note | undefined {
    return (object as { readonly [name: symbol]: Note | undefined })[this.#name];
  }

  /** @param object extensible; an earlier note on it is replaced */
  set(object: T, note: Note): void {
    Object.defineProperty(object, this.#name, {
      value: note,
      configurable: true,
      enumerable: false,
    });
  }
}
