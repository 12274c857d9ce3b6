/** Root keys that anybody can look up, in lower-case hex. */
export const PUBLISHED_KEYS: ReadonlySet<string> = new Set([
  // FIPS 197 appendix B, the default of LoRaMac-node and of the many SDKs made from it.
  "2b7e151628aed2a6abf7158809cf4f3c",
  // FIPS 197 appendix C, and the other counting patterns people type.
  "000102030405060708090a0b0c0d0e0f",
  "0102030405060708090a0b0c0d0e0f10",
  "00112233445566778899aabbccddeeff",
  "ffeeddccbbaa99887766554433221100",
  "0123456789abcdef0123456789abcdef",
  "0123456789abcdeffedcba9876543210",
  "fedcba98765432100123456789abcdef",
  "11223344556677881122334455667788",
  "deadbeefdeadbeefdeadbeefdeadbeef",
  "cafebabecafebabecafebabecafebabe",
  // The default of every Milesight device, "Ur@linkLoRa2018#".
  "5572404c696e6b4c6f52613230313823",
  // The worked example of a Join-accept that is repeated in tutorials and source code.
  "b6b53f4a168a7a88bdf7ea135ce9cfca",
]);
