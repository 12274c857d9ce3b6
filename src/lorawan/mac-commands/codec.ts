import type { MacVersion } from "../mac-version.ts";
import type { Fields, ValuesOf } from "./fields.ts";

/** The definition of one command before it has a name: its identifier, size, age and fields. */
export interface MacCommandDefinition<F extends Fields = Fields> {
  /** Command identifier, the first byte of a command. */
  readonly cid: number;
  /** Bytes after the command identifier. A command does not carry its own length. */
  readonly lengthBytes: number;
  /** The oldest version whose devices know this command. */
  readonly since: MacVersion;
  readonly fields: F;
}

/** Gives the definition the precise type of its fields. */
export function define<F extends Fields>(
  cid: number,
  lengthBytes: number,
  since: MacVersion,
  fields: F,
): MacCommandDefinition<F> {
  return { cid, lengthBytes, since, fields };
}

/** The union of all commands of one table, told apart by `name`. */
export type CommandsOf<Table extends Readonly<Record<string, MacCommandDefinition>>> = {
  [Name in keyof Table]: { readonly name: Name } & ValuesOf<Table[Name]["fields"]>;
}[keyof Table];

/** One row of a command table. `encode` and `decode` leave out the command identifier. */
export interface MacCommandCodec extends Omit<MacCommandDefinition, "fields"> {
  readonly name: string;
  /** @throws WarrenError `value-out-of-range` */
  encode(command: Readonly<Record<string, unknown>>): Uint8Array;
  /** Needs exactly `lengthBytes` bytes; every value of theirs decodes. RFU bits are ignored. */
  decode(payload: Uint8Array): Record<string, unknown>;
}

/** The codec rows of a table of definitions. */
export function codecsOf(
  table: Readonly<Record<string, MacCommandDefinition>>,
): readonly MacCommandCodec[] {
  return Object.entries(table).map(([name, { cid, lengthBytes, since, fields }]) => ({
    cid,
    name,
    lengthBytes,
    since,
    encode: (command) => encodeFields({ name, lengthBytes, fields }, command),
    decode: (payload) => ({ name, ...decodeFields(fields, payload) }),
  }));
}

// The longest payload has 5 bytes. That is more than the 32 bits of the bitwise operators, and less
// than the 53 bits that stay exact in a number, hence the arithmetic.

function encodeFields(
  command: { readonly name: string; readonly lengthBytes: number; readonly fields: Fields },
  values: Readonly<Record<string, unknown>>,
): Uint8Array {
  let payload = 0;
  for (const [fieldName, field] of Object.entries(command.fields)) {
    const bits = field.toBits(values[fieldName], `${command.name}.${fieldName}`);
    payload += bits * 2 ** field.offsetBits;
  }
  return Uint8Array.from({ length: command.lengthBytes }, (_, index) =>
    Math.floor(payload / 256 ** index),
  );
}

function decodeFields(fields: Fields, bytes: Uint8Array): Record<string, unknown> {
  const payload = bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  return Object.fromEntries(
    Object.entries(fields).map(([fieldName, field]) => {
      const bits = Math.floor(payload / 2 ** field.offsetBits) % 2 ** field.widthBits;
      return [fieldName, field.fromBits(bits)];
    }),
  );
}
