import { SeededRandom } from "../../random/seeded-random.ts";
import type { AttackOutcome, AttackTarget, StructuralAttack } from "./structural-attack.ts";

/** Tries every attack so often on every target. */
export function tryAttacks(
  attacks: readonly StructuralAttack[],
  targets: readonly AttackTarget[],
  { seed, attempts }: { readonly seed: string; readonly attempts: number },
): AttackOutcome[] {
  return attacks.flatMap((attack) =>
    targets.map((target) => {
      const source = new SeededRandom(seed, `attempts of ${attack.id}`);
      const random = (lengthBytes: number) => source.bytes(lengthBytes);
      let successes = 0;
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (attack.attempt(target, random)) successes++;
      }
      return { attack: attack.id, target: target.name, attempts, successes };
    }),
  );
}
