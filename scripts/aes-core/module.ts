import { PAGE_COUNT } from "../../src/crypto/aes-core/layout.ts";
import { decryptFunction, encryptFunction } from "./cipher.ts";
import { unwrapFunction, wrapFunction } from "./key-wrap.ts";
import {
  expandKeyFunction,
  expandLanesFunction,
  expandSlicesFunction,
  subkeysFunction,
} from "./keys.ts";
import {
  cbcMacFunction,
  decryptBlocksFunction,
  encryptBlocksFunction,
  wipeFunction,
  xorBlockFunction,
} from "./modes.ts";
import { formatFunction } from "./wat.ts";

/** The AES-128 core as WebAssembly text. No address and no branch in it depends on a key or a block. */
export function aesModule(): string {
  const functions = [
    encryptFunction,
    decryptFunction,
    expandSlicesFunction,
    expandKeyFunction,
    expandLanesFunction,
    subkeysFunction,
    encryptBlocksFunction,
    decryptBlocksFunction,
    cbcMacFunction,
    xorBlockFunction,
    wrapFunction,
    unwrapFunction,
    wipeFunction,
  ];
  return [
    "(module",
    `  (memory (export "memory") ${PAGE_COUNT} ${PAGE_COUNT})`,
    ...functions.map(formatFunction),
    ")",
    "",
  ].join("\n");
}
