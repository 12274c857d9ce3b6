import crypto, { type KeyObject } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

// Loaded into a server before its own code: makes defects that are as careless with a key as a defect can
// be. The first SIGUSR2 breaks the next cipher, in the middle of a request; the second one throws where
// nobody catches.

const { createCipheriv } = crypto;
let seen: KeyObject | undefined;
let isBroken = false;

/** The key in every form that an error could carry. */
function carelessError(key: KeyObject | undefined): Error {
  const bytes = key?.export() ?? Buffer.alloc(0);
  const spellings = [bytes.toString("hex"), bytes.toString("base64"), bytes.join(", ")];
  const error = new Error(`cipher failed with key ${spellings.join(" and ")}`);
  return Object.assign(error, { key: bytes, options: { nwkKey: bytes.toString("hex") }, bytes });
}

const replacement = (...args: Parameters<typeof createCipheriv>) => {
  const [, key] = args;
  if (typeof key === "object" && "export" in key && key.symmetricKeySize === 16) seen = key;
  if (isBroken && seen !== undefined) {
    isBroken = false;
    throw carelessError(seen);
  }
  return createCipheriv(...args);
};
Object.assign(crypto, { createCipheriv: replacement });
syncBuiltinESMExports();

let signals = 0;
process.on("SIGUSR2", () => {
  signals += 1;
  if (signals === 1) isBroken = true;
  else throw carelessError(seen);
});
