/**
 * A parameter that is an array, so that the planner does not see how long it is. For arrays that it sees it plans
 * anew each time they are shorter than the ten elements that it takes for usual, since the plan of its own that it
 * makes then looks cheaper than the one it has kept (PostgreSQL docs, PREPARE, "Notes"). A plan of a join takes as
 * long as the join.
 *
 * @param index of the parameter, from 1
 * @param type of its elements
 */
export function hiddenArray(index: number, type: string): string {
  return `(SELECT $${index}::${type}[])`;
}
