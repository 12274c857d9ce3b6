import { InvalidArgumentError, Option } from "commander";
import { WarrenError } from "../errors.ts";
import { regions } from "../lorawan/region/regions.ts";

/** Reads the text of an option; what it throws is commander's usage error. */
export type OptionParser<T> = (text: string) => T;

/** A whole number, decimal or hex with `0x`. */
export function wholeNumber(minimum: number, maximum: number): OptionParser<number> {
  return (text) => {
    const value = Number(text);
    if (!/^(\d+|0x[0-9a-f]+)$/i.test(text) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(`a whole number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** A number that may have a fraction, such as 0.2. */
export function decimalNumber(minimum: number, maximum: number): OptionParser<number> {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= minimum && value <= maximum)) {
      throw new InvalidArgumentError(`a number from ${minimum} to ${maximum}.`);
    }
    return value;
  };
}

/** What `parse` reads; of its errors only that there was one, since their text may repeat a key. */
export function parsedBy<T>(parse: (text: string) => T, hint: string): OptionParser<T> {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof WarrenError)) throw error;
      throw new InvalidArgumentError(hint);
    }
  };
}

/** A port, 0 for any free one. */
export const parsePort = wholeNumber(0, 65_535);

/** A whole number from 0 on. */
export const parseCount = wholeNumber(0, 10 ** 15 - 1);

/** A share of all, such as 0.2. */
export const parseShare = decimalNumber(0, 1);

/** The base URL of a server, without a slash at its end. */
export function parseUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new InvalidArgumentError("a URL such as http://127.0.0.1:7070 is needed.");
  }
  return text.replace(/\/+$/, "");
}

/** `--region`. */
export function regionOption(): Option {
  return new Option("--region <name>", "frequency plan")
    .choices(regions.map(({ name }) => name))
    .default("EU868");
}

/** `--log-level`. */
export function logLevelOption(description = "what to log"): Option {
  return new Option("--log-level <level>", description)
    .choices(["debug", "info", "warn", "error", "silent"])
    .default("info");
}
