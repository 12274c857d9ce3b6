import type { EqualFrequencies } from "../../equal-frequencies.ts";
import type { KeyStreamKind, KeyStreamSource } from "../../key-streams/key-stream.ts";
import { takeOctets } from "../../key-streams/take-octets.ts";
import { standardNormal } from "../../sp800-22/special-functions.ts";
import { OUTPUT_BYTES } from "../flips/derivation-input.ts";
import { octetChiSquare } from "./octet-chi-square.ts";
import { serialCorrelation } from "./serial-correlation.ts";

/** What single octets of a stream of keys look like, and neighbours. */
export interface StreamStatistics {
  readonly id: string;
  readonly label: string;
  readonly kind: KeyStreamKind;
  readonly octets: number;
  /** Of each of the 32 octets of NwkKey' ‖ AppKey'; of other sources, of two keys. */
  readonly positions: readonly EqualFrequencies[];
  /** The probability that one of 32 p-values or more is as close to 0 or to 1 as the closest here. */
  readonly positionsPValue: number;
  /** Of all octets together. */
  readonly pooled: EqualFrequencies;
  readonly serialCorrelation: number;
  /** The same in standard deviations of random octets. */
  readonly serialDeviation: number;
  readonly serialPValue: number;
}

/** Octets are taken so many at a time, so that other work has its turn. */
const PIECE_BYTES = 16_384;

/** @param derivations pairs of keys, 32 octets each */
export async function measureStream(
  source: KeyStreamSource,
  derivations: number,
  { seed, breathe }: { readonly seed: string; readonly breathe: () => Promise<void> },
): Promise<StreamStatistics> {
  const stream = source.open({ seed });
  const octets = new Uint8Array(derivations * OUTPUT_BYTES);
  for (let offset = 0; offset < octets.length; offset += PIECE_BYTES) {
    octets.set(takeOctets(stream, Math.min(PIECE_BYTES, octets.length - offset)), offset);
    await breathe();
  }
  const positions = Array.from({ length: OUTPUT_BYTES }, (_, position) =>
    octetChiSquare(octets, position, OUTPUT_BYTES),
  );
  const correlation = serialCorrelation(octets);
  const serialDeviation = correlation * Math.sqrt(octets.length);
  return {
    id: source.id,
    label: source.label,
    kind: source.kind,
    octets: octets.length,
    positions,
    positionsPValue: positionsPValue(positions),
    pooled: octetChiSquare(octets, 0, 1),
    serialCorrelation: correlation,
    serialDeviation,
    serialPValue: 2 * standardNormal(-Math.abs(serialDeviation)),
  };
}

/** Both ends count: values that are too even are no more random than those that are too uneven. */
function positionsPValue(positions: readonly EqualFrequencies[]): number {
  const closest = Math.min(...positions.map(({ pValue }) => 2 * Math.min(pValue, 1 - pValue)));
  return -Math.expm1(positions.length * Math.log1p(-closest));
}
