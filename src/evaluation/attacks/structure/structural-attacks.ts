import { xorBytes } from "../../../crypto/bytes/xor.ts";
import { rabbitBlock } from "../../../crypto/rabbit/rabbit.ts";
import type { DerivationInput, NewKeys, StructuralAttack } from "./structural-attack.ts";

const BLOCK_BYTES = 16;
const CONTEXT_BYTES = 96;
const FIXED_CONTEXT =
  "The context always has 96 octets, six whole blocks, so none is another one with something behind it.";

type Random = (lengthBytes: number) => Uint8Array;

/** A context whose last block is short, and the same with a zero octet behind it. */
const padding: StructuralAttack = {
  id: "padding",
  property:
    "Ambiguous padding: a context and the same context with a zero octet behind it give one key",
  method: "derive from c and from c ‖ 0x00, c of a random length that is no multiple of 16",
  inUpdates: FIXED_CONTEXT,
  attempt: (target, random) => {
    const shortLength = 1 + ((random(1)[0] as number) % (BLOCK_BYTES - 1));
    const blocks = (random(1)[0] as number) % (CONTEXT_BYTES / BLOCK_BYTES);
    const input = drawInput(random, blocks * BLOCK_BYTES + shortLength);
    const padded = { ...input, context: join(input.context, new Uint8Array(1)) };
    return isSame(target.derive(input), target.derive(padded));
  },
};

const wholeBlocks: StructuralAttack = {
  id: "padding-of-updates",
  property: "The same with a context of 96 octets, as in an update",
  method: "derive from c and from c ‖ 0x00, c of 96 octets",
  inUpdates: FIXED_CONTEXT,
  attempt: (target, random) => {
    const input = drawInput(random);
    const padded = { ...input, context: join(input.context, new Uint8Array(1)) };
    return isSame(target.derive(input), target.derive(padded));
  },
};

const secretBehindContext: StructuralAttack = {
  id: "secret-as-context",
  property: "The shared secret of a healing update and a longer context give one key",
  method: "derive from (c, Z) and from c ‖ Z without a secret",
  inUpdates: `${FIXED_CONTEXT} The suite octet in it has a flag that tells healing updates from plain ones.`,
  attempt: (target, random) => {
    const input = drawInput(random);
    const sharedSecret = random(32);
    const asContext = { ...input, context: join(input.context, sharedSecret) };
    return isSame(target.derive({ ...input, sharedSecret }), target.derive(asContext));
  },
};

const extension: StructuralAttack = {
  id: "extension",
  property: "Extension: kkdk of c ‖ B by a block of Rabbit from kkdk of c, without the old NwkKey",
  method:
    "compute R(kkdk(c) XOR B), expand it with the old AppKey, compare with the new keys of c ‖ B",
  inUpdates: `${FIXED_CONTEXT} kkdk is in memory only while keys are derived.`,
  attempt: (target, random) => {
    const input = drawInput(random);
    const block = random(BLOCK_BYTES);
    const context = join(input.context, block);
    // Of the 32 octets of HKDF the first sixteen: there is no block that would fit.
    const extended = target.extract(input);
    extended.set(rabbitBlock(xorBytes(extended.subarray(0, BLOCK_BYTES), block)));
    return isSame(
      target.expand(extended, input.appKey, context),
      target.derive({ ...input, context }),
    );
  },
};

const outputAsKdk: StructuralAttack = {
  id: "output-as-kkdk",
  property:
    "No domain separation: NwkKey' is the kkdk of a longer context that needs no kkdk to write down",
  method: "compare NwkKey' of c with kkdk of c ‖ 0^16 and of c ‖ 0^16 ‖ old AppKey",
  inUpdates: `${FIXED_CONTEXT} The old AppKey is no part of it.`,
  attempt: (target, random) => {
    const input = drawInput(random);
    const { nwkKey } = target.derive(input);
    const longer = join(input.context, new Uint8Array(BLOCK_BYTES));
    return [longer, join(longer, input.appKey)].some(
      (context) => Buffer.compare(target.extract({ ...input, context }), nwkKey) === 0,
    );
  },
};

const appKeyFromNwkKey: StructuralAttack = {
  id: "app-key-from-nwk-key",
  property: "AppKey' follows from NwkKey' alone",
  method: "compute R(NwkKey') and compare it with AppKey'",
  inUpdates:
    "No suite has this expander. LoRaWAN 1.1 lets an operator hold NwkKey, so it would be fatal.",
  attempt: (target, random) => {
    const { nwkKey, appKey } = target.derive(drawInput(random));
    return Buffer.compare(rabbitBlock(nwkKey), appKey) === 0;
  },
};

const kdkAlone: StructuralAttack = {
  id: "kkdk-alone",
  property: "kkdk gives the new keys without any old key",
  method: "expand kkdk(c) with an AppKey of zeros, compare with the new keys of c",
  inUpdates: "kkdk is in memory only while keys are derived.",
  attempt: (target, random) => {
    const input = drawInput(random);
    const keys = target.expand(target.extract(input), new Uint8Array(16), input.context);
    return isSame(keys, target.derive(input));
  },
};

const kdkOfOtherContext: StructuralAttack = {
  id: "kkdk-of-other-context",
  property: "kkdk of one context gives the new keys of any other one",
  method: "expand kkdk(c) with the old AppKey and another context, compare with its new keys",
  inUpdates:
    "kkdk is in memory only while keys are derived, and a committed update changes the old keys.",
  attempt: (target, random) => {
    const input = drawInput(random);
    const context = random(CONTEXT_BYTES);
    const keys = target.expand(target.extract(input), input.appKey, context);
    return isSame(keys, target.derive({ ...input, context }));
  },
};

export const STRUCTURAL_ATTACKS: readonly StructuralAttack[] = [
  padding,
  wholeBlocks,
  secretBehindContext,
  extension,
  outputAsKdk,
  appKeyFromNwkKey,
  kdkAlone,
  kdkOfOtherContext,
];

function drawInput(random: Random, contextBytes = CONTEXT_BYTES): DerivationInput {
  return { nwkKey: random(16), appKey: random(16), context: random(contextBytes) };
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.of(...a, ...b);
}

function isSame(a: NewKeys, b: NewKeys): boolean {
  return Buffer.compare(a.nwkKey, b.nwkKey) === 0 && Buffer.compare(a.appKey, b.appKey) === 0;
}
