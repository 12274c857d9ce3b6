/** Classes of implementations, in the order in which the report has them. */
export const IMPLEMENTATIONS = {
  typescript: { name: "TypeScript", isSoftware: true },
  // Has the Rabbit suites alone.
  webassembly: { name: "WebAssembly", isSoftware: true },
  "node-crypto": { name: "node:crypto", isSoftware: false },
  "c-o0": { name: "C at -O0", isSoftware: true },
  "c-o2": { name: "C at -O2", isSoftware: true },
  "c-aes-ni": { name: "C, AES-NI", isSoftware: false },
  "c-aes-sha-ni": { name: "C, AES-NI, SHA-NI", isSoftware: false },
} as const satisfies Readonly<Record<string, ImplementationInfo>>;

export type ImplementationId = keyof typeof IMPLEMENTATIONS;

interface ImplementationInfo {
  readonly name: string;
  /** Neither instructions for AES or hashing, nor a native library that uses them. */
  readonly isSoftware: boolean;
}
