import type { Topic } from "../topic.ts";
import type { AttacksResult } from "./attacks-result.ts";
import { describeAttacks } from "./describe-attacks.ts";
import { measureAttacks } from "./measure-attacks.ts";

export const attacks: Topic<AttacksResult> = {
  id: "attacks",
  title: "Attacks made runnable",
  measure: measureAttacks,
  describe: describeAttacks,
};
