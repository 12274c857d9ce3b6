import { createHash } from "node:crypto";

/** SHA-256 (FIPS 180-4) of octets, or of the UTF-8 of a text: 32 bytes. */
export function sha256(data: Uint8Array | string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** As `sha256`, in 64 lower-case hex digits. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}
