import { InvalidArgumentError } from "commander";

/** A port, 0 for any free one. Errors become commander's usage errors. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError("a port is a number from 0 to 65535.");
  }
  return port;
}

/** A whole number from 0 on. */
export function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("a whole number from 0 on.");
  return Number(text);
}

/** A share from 0 to 1, such as 0.2. */
export function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() === "" || !(share >= 0 && share <= 1)) {
    throw new InvalidArgumentError("a share is a number from 0 to 1.");
  }
  return share;
}
