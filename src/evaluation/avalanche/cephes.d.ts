// The package has declarations, but its "exports" do not lead to them.
declare module "cephes" {
  /** The binomial distribution: the probability of at most `k` successes in `n` trials. */
  export function bdtr(k: number, n: number, p: number): number;
  /** The inverse of `ndtr`: the x of a probability between 0 and 1. */
  export function ndtri(p: number): number;
}
