import { type ErrorCode, WarrenError } from "../errors.ts";

/** What a number must be beyond finite. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly isInteger: boolean;
}

export function integerIn(min: number, max: number): NumberRange {
  return { min, max, isInteger: true };
}

/** An object as a type checker sees it after its members with the value undefined are dropped. */
export type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy of `object` without the members that are undefined. */
export function present<T extends object>(object: T): Present<T> {
  // Several times faster than by way of entries, and every frame comes through here.
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const value = (object as Record<string, unknown>)[name];
    if (value !== undefined) copy[name] = value;
  }
  return copy as Present<T>;
}

/**
 * The members of one JSON object, read with the type that each must have. Unknown members are ignored
 * and null counts as absent, as gateways differ in both.
 *
 * @throws WarrenError from every read of a member that is missing or has a wrong type or value:
 *   `frame-malformed`, or the code given to the constructor
 */
export class JsonMembers {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #code: ErrorCode;

  /** @param path where the object is, for error messages: "rxpk[2]" */
  constructor(json: unknown, path: string, code: ErrorCode = "frame-malformed") {
    this.#path = path;
    this.#code = code;
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw new WarrenError(code, `${path} is not a JSON object`);
    }
    this.#members = json as Record<string, unknown>;
  }

  /** The value of a member, undefined when absent or null. */
  optional(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined;
  }

  optionalNumber(name: string, range?: NumberRange): number | undefined {
    const value = this.optional(name);
    if (value === undefined) {
      return undefined;
    }
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw this.failure(name, "is not a number");
    }
    if (range !== undefined && (value < range.min || value > range.max)) {
      throw this.failure(name, `is not in ${range.min}..${range.max}`);
    }
    if (range?.isInteger === true && !Number.isInteger(value)) {
      throw this.failure(name, "is not an integer");
    }
    return value;
  }

  optionalString(name: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && typeof value !== "string") {
      throw this.failure(name, "is not a string");
    }
    return value;
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.optional(name);
    if (value !== undefined && typeof value !== "boolean") {
      throw this.failure(name, "is not a boolean");
    }
    return value;
  }

  number(name: string, range?: NumberRange): number {
    return this.#required(name, this.optionalNumber(name, range));
  }

  string(name: string): string {
    return this.#required(name, this.optionalString(name));
  }

  /** The error for a member whose value the caller finds wrong. Never repeats text. */
  failure(name: string, problem: string): WarrenError {
    return new WarrenError(this.#code, `${this.#path}.${name} ${problem}`);
  }

  #required<T>(name: string, value: T | undefined): T {
    if (value === undefined) {
      throw this.failure(name, "is missing");
    }
    return value;
  }
}
