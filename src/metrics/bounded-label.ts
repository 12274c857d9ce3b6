/** How many different values of one label there may be. */
const VALUES_MAX = 64;

/**
 * One metric for each value of a label, made once: looking labels up costs more than counting. What comes
 * after the 64th value is counted under "other", so that no peer can make a metric grow without end.
 */
export class BoundedLabel<Child> {
  readonly #children = new Map<string, Child>();
  readonly #make: (value: string) => Child;

  constructor(make: (value: string) => Child) {
    this.#make = make;
  }

  of(value: string): Child {
    return this.#children.get(value) ?? this.#add(value);
  }

  #add(value: string): Child {
    if (value !== "other" && this.#children.size >= VALUES_MAX) return this.of("other");
    const child = this.#make(value);
    this.#children.set(value, child);
    return child;
  }
}
