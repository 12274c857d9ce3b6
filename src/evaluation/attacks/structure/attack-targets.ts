import { deriveRootKeyBytes } from "../../../root-key/derivation/derive-root-keys.ts";
import { ALL_SUITES, formatSuite, type Suite } from "../../../root-key/suite.ts";
import { rabbitChain } from "../../../root-key/suites/rabbit-chain.ts";
import { EXPANDER_READINGS } from "../expanders/expander-readings.ts";
import { SUITE_EXPANDERS } from "../expanders/suite-expanders.ts";
import type { AttackTarget } from "./structural-attack.ts";

/** All suites, as they derive keys in updates. */
export const SUITE_TARGETS: readonly AttackTarget[] = ALL_SUITES.map(targetOfSuite);

/** E0, E2 and E3: readings of the paper's expander behind its extractor. E1 is suite 0. */
export const READING_TARGETS: readonly AttackTarget[] = EXPANDER_READINGS.filter(
  ({ name }) => name !== "E1",
).map(({ name, expand }) => {
  const extract: AttackTarget["extract"] = ({ nwkKey, context, sharedSecret }) =>
    rabbitChain(nwkKey, context, sharedSecret);
  return {
    name: `reading ${name}`,
    extract,
    expand,
    derive: (input) => expand(extract(input), input.appKey, input.context),
  };
});

function targetOfSuite(suite: Suite): AttackTarget {
  return {
    name: formatSuite(suite),
    ...SUITE_EXPANDERS[suite],
    derive: (input) => deriveRootKeyBytes({ ...input, suite }),
  };
}
