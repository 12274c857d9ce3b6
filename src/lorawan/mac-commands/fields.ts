import { WarrenError } from "../../errors.ts";

/**
 * One field of a MAC command payload. The payload is read as one little-endian integer, so bit 0 is
 * the least significant bit of the first byte, and a field that spans bytes is little-endian.
 */
export interface Field<Value> {
  readonly offsetBits: number;
  readonly widthBits: number;
  /** @throws WarrenError `value-out-of-range`; `label` names command and field in the message */
  toBits(value: Value, label: string): number;
  fromBits(bits: number): Value;
}

/** The fields of one command, in the order in which the specification prints them. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The values of these fields, as the properties of a decoded command. */
export type ValuesOf<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never;
};

function checkedInteger(value: number, range: readonly [number, number], label: string): number {
  const [min, max] = range;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new WarrenError(
      "value-out-of-range",
      `${label} must be an integer in ${min}..${max}, not ${value}`,
    );
  }
  return value;
}

/** An unsigned integer. */
export function uint(offsetBits: number, widthBits: number): Field<number> {
  return {
    offsetBits,
    widthBits,
    toBits: (value, label) => checkedInteger(value, [0, 2 ** widthBits - 1], label),
    fromBits: (bits) => bits,
  };
}

/** A signed integer in two's complement. */
export function int(offsetBits: number, widthBits: number): Field<number> {
  const half = 2 ** (widthBits - 1);
  return {
    offsetBits,
    widthBits,
    toBits: (value, label) => {
      const checked = checkedInteger(value, [-half, half - 1], label);
      return checked < 0 ? checked + 2 * half : checked;
    },
    fromBits: (bits) => (bits >= half ? bits - 2 * half : bits),
  };
}

/** One bit. */
export function bool(offsetBits: number): Field<boolean> {
  return {
    offsetBits,
    widthBits: 1,
    toBits: (value) => (value ? 1 : 0),
    fromBits: (bits) => bits === 1,
  };
}

/**
 * A frequency in Hz, sent as a 24-bit number of 100 Hz steps. Zero has a meaning of its own in each
 * command. Values below 100 MHz are reserved (LoRaWAN 1.1 §5.7) but kept here, so that what was
 * decoded can be encoded again: a region decides which frequencies are allowed.
 */
export function frequency(offsetBits: number): Field<number> {
  const stepHz = 100;
  return {
    offsetBits,
    widthBits: 24,
    toBits: (value, label) => {
      const steps = value / stepHz;
      if (!Number.isInteger(steps) || steps < 0 || steps >= 2 ** 24) {
        throw new WarrenError(
          "value-out-of-range",
          `${label} must be a multiple of 100 Hz in 0..1677721500, not ${value}`,
        );
      }
      return steps;
    },
    fromBits: (bits) => bits * stepHz,
  };
}

/** A field that stands for an entry of a table, such as the maximum EIRP in dBm. */
export function entryOf(
  table: readonly number[],
  offsetBits: number,
  widthBits: number,
): Field<number> {
  return {
    offsetBits,
    widthBits,
    toBits: (value, label) => {
      const index = table.indexOf(value);
      if (index < 0) {
        throw new WarrenError(
          "value-out-of-range",
          `${label} must be one of ${table.join(", ")}, not ${value}`,
        );
      }
      return index;
    },
    fromBits: (bits) => table[bits] as number,
  };
}
