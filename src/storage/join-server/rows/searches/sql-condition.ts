/** A condition on a row, in words that both databases read. */
export interface SqlCondition {
  /** With `?` in the place of each value. */
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** All of them must hold; of none, always. */
export function allOf(conditions: readonly SqlCondition[]): SqlCondition {
  return joined(conditions, " AND ", "1 = 1");
}

/** One of them must hold; of none, never. */
export function anyOf(conditions: readonly SqlCondition[]): SqlCondition {
  return joined(conditions, " OR ", "1 = 0");
}

function joined(
  conditions: readonly SqlCondition[],
  operator: string,
  ofNone: string,
): SqlCondition {
  const texts = conditions.map(({ text }) => `(${text})`);
  return {
    text: texts.length === 0 ? ofNone : texts.join(operator),
    values: conditions.flatMap(({ values }) => values),
  };
}
