import { deriveRootKeyBytes } from "../../../root-key/derivation/derive-root-keys.ts";
import type { Suite } from "../../../root-key/suite.ts";
import { answerTasks } from "../../workers/answer-tasks.ts";
import { countFlipBlock, type FlipBlock } from "./flip-block.ts";
import type { FlipCounts } from "./flip-counts.ts";

/** One block of the trials of a suite. */
export interface FlipTask extends FlipBlock {
  readonly suite: Suite;
}

export function countSuiteFlips({ suite, ...block }: FlipTask): FlipCounts {
  return countFlipBlock((input) => deriveRootKeyBytes({ ...input, suite }), block);
}

answerTasks(countSuiteFlips);
