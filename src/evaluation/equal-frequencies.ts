import { chiSquareOfClasses } from "./sp800-22/chi-square.ts";

/** How well counts fit classes that are equally likely. */
export interface EqualFrequencies {
  readonly chiSquare: number;
  /**
   * The chance of as much or more, with one degree of freedom less than there are classes: near 1, the counts
   * are more even than chance makes them.
   */
  readonly pValue: number;
}

/** Against equal frequencies of all classes. @param counts at least two, not all 0 */
export function equalFrequencies(counts: ArrayLike<number>): EqualFrequencies {
  const classes = Array.from(counts);
  const { chiSquare, p } = chiSquareOfClasses(
    classes,
    classes.map(() => 1 / classes.length),
  );
  return { chiSquare, pValue: p };
}
