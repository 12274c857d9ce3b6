import { compiled, erfc, igamc, lgam, ndtr } from "cephes";

await compiled;

/** Cephes reports an underflow, by throwing, a little below exp of it. */
const SMALLEST_EXPONENT = -700;
/** erfc(26) is about 6e-296; the next whole number underflows, and the next negative one with it. */
const LARGEST_ERFC_ARGUMENT = 26;
/** The standard normal distribution is 0 or 1 to double precision beyond it. */
const LARGEST_NORMAL_ARGUMENT = 36;

/**
 * Q(a, x), the upper incomplete gamma function divided by gamma(a): igamc of SP 800-22, section 5.5.3. With
 * a = degrees of freedom / 2 and x = chi-square / 2 it is the p-value of a chi-square test.
 */
export function upperIncompleteGamma(a: number, x: number): number {
  // x^a e^-x / gamma(a) is the factor that Cephes starts from on either side of a.
  if (x > 0 && a * Math.log(x) - x - lgam(a) < SMALLEST_EXPONENT) return x < a ? 1 : 0;
  return igamc(a, x);
}

/** The complementary error function, section 5.5.3. */
export function complementaryErrorFunction(x: number): number {
  if (x > LARGEST_ERFC_ARGUMENT) return 0;
  return x < -LARGEST_ERFC_ARGUMENT ? 2 : erfc(x);
}

/** The cumulative distribution of the standard normal distribution: Phi of section 5.5.3. */
export function standardNormal(x: number): number {
  if (x > LARGEST_NORMAL_ARGUMENT) return 1;
  return x < -LARGEST_NORMAL_ARGUMENT ? 0 : ndtr(x);
}
