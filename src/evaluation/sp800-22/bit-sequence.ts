import { WarrenError } from "../../errors.ts";

/**
 * The sequence under test: epsilon of SP 800-22. One bit an octet, since nearly every test walks through it
 * bit by bit; the few that want words pack them themselves. Such a walk counts an index: `for ... of` over a
 * typed array takes more than ten times as long.
 */
export class BitSequence {
  /** Zeros and ones only, in the order they came; never written to. */
  readonly bits: Uint8Array;

  private constructor(bits: Uint8Array) {
    this.bits = bits;
  }

  /**
   * @param octets the first bit is the most significant one of the first octet
   * @param lengthBits how many bits to take; default: all
   * @throws WarrenError `value-out-of-range` if the octets do not have so many bits
   */
  static fromOctets(octets: Uint8Array, lengthBits = octets.length * 8): BitSequence {
    if (!Number.isInteger(lengthBits) || lengthBits < 0 || lengthBits > octets.length * 8) {
      throw new WarrenError(
        "value-out-of-range",
        `${octets.length} octets do not have ${lengthBits} bits`,
      );
    }
    const bits = new Uint8Array(lengthBits);
    for (let i = 0; i < lengthBits; i++) bits[i] = ((octets[i >>> 3] ?? 0) >>> (7 - (i & 7))) & 1;
    return new BitSequence(bits);
  }

  /**
   * @param text of `0` and `1`, as the examples of the standard are printed
   * @throws WarrenError `text-malformed` for any other character
   */
  static fromText(text: string): BitSequence {
    if (!/^[01]*$/.test(text)) {
      throw new WarrenError("text-malformed", "a bit sequence is written in 0 and 1 only");
    }
    return new BitSequence(Uint8Array.from(text, Number));
  }

  get length(): number {
    return this.bits.length;
  }
}
