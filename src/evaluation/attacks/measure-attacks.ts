import { ALL_SUITES } from "../../root-key/suite.ts";
import { breathe } from "../breathe.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import type { EvaluationContext, Scale } from "../topic.ts";
import type { AttacksResult } from "./attacks-result.ts";
import { type FollowedUpdate, followUpdates } from "./eavesdropping/follow-updates.ts";
import { type MissedNonce, searchMissedNonce } from "./eavesdropping/missed-nonce.ts";
import { measureKeyingsPerSecond, measureSearches } from "./split-search/measure-searches.ts";
import { READING_TARGETS, SUITE_TARGETS } from "./structure/attack-targets.ts";
import { STRUCTURAL_ATTACKS } from "./structure/structural-attacks.ts";
import { tryAttacks } from "./structure/try-attacks.ts";

const SIZES = {
  full: { attempts: 1000, nonceBits: 16, keyingMs: 1000 },
  short: { attempts: 20, nonceBits: 8, keyingMs: 20 },
} as const satisfies Record<Scale, object>;

const KINDS = ALL_SUITES.flatMap((suite) => [
  { suite, isHealing: false },
  { suite, isHealing: true },
]);

export async function measureAttacks(context: EvaluationContext): Promise<AttacksResult> {
  const { seed, scale, progress, signal } = context;
  const { attempts, nonceBits, keyingMs } = SIZES[scale];
  const searches = await measureSearches(context);
  await breathe(signal);
  const keyingsPerSecond = measureKeyingsPerSecond(keyingMs);

  progress.begin("Padding, extension and separation", STRUCTURAL_ATTACKS.length);
  const structural = [];
  for (const attack of STRUCTURAL_ATTACKS) {
    const targets = [...SUITE_TARGETS, ...READING_TARGETS];
    structural.push(...tryAttacks([attack], targets, { seed, attempts }));
    progress.advance(1);
    await breathe(signal);
  }

  progress.begin("Eavesdropping on updates", 2 * KINDS.length);
  const followed: FollowedUpdate[] = [];
  const missedNonces: MissedNonce[] = [];
  for (const { suite, isHealing } of KINDS) {
    const source = new SeededRandom(seed, `network of ${suite}, healing ${isHealing}`);
    const random = (lengthBytes: number) => source.bytes(lengthBytes);
    followed.push(followUpdates(suite, isHealing, random));
    progress.advance(1);
    const search = { suite, isHealing, widthBits: nonceBits, random, signal };
    missedNonces.push(await searchMissedNonce(search));
    progress.advance(1);
  }
  return { seed, searches, keyingsPerSecond, structural, followed, missedNonces };
}
