import { createHash } from "node:crypto";
import type { Aes128Key } from "./aes128-key.ts";
import type { Kek } from "./key-wrap.ts";

/**
 * Eight hex digits that tell keys apart on a screen or in a log: the start of
 * SHA-256("warren key fingerprint" ‖ key). Equal keys have equal fingerprints, and that is all they
 * show: 32 bits of a one-way function say nothing usable about a 128-bit random key. For display
 * only: never compare keys by it, two different keys share one with probability 2^-32.
 */
export function keyFingerprint(key: Aes128Key | Kek): string {
  return createHash("sha256")
    .update("warren key fingerprint")
    .update(key.export())
    .digest("hex")
    .slice(0, 8);
}
