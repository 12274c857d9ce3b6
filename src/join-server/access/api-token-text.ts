import type { RandomBytes } from "../../crypto/random.ts";
import { sha256Hex } from "../../crypto/sha256.ts";
import { formatHex } from "../../lorawan/hex.ts";

const ID_BYTES = 8;
const SECRET_BYTES = 32;
/** `warren_`, 16 hex digits, `_`, 43 characters of base64url: easy to find for scanners of secrets. */
const TOKEN_FORM = /^warren_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** A new API token with its id: 256 random bits, shown once and never kept. */
export function drawApiToken(randomBytes: RandomBytes): { id: string; text: string } {
  const id = formatHex(randomBytes(ID_BYTES));
  const secret = Buffer.from(randomBytes(SECRET_BYTES)).toString("base64url");
  return { id, text: `warren_${id}_${secret}` };
}

/** Whether a text may be an API token, so that nothing else is looked up. */
export function hasTokenForm(text: string): boolean {
  return TOKEN_FORM.test(text);
}

/** What is kept of a token. */
export function hashApiToken(text: string): string {
  return sha256Hex(text);
}
