/** What is used of the WebAssembly JavaScript interface: TypeScript has it in its library for browsers alone. */
declare const WebAssembly: {
  /** @throws CompileError unless `bytes` are a module that this engine and processor can run */
  readonly Module: new (
    bytes: Uint8Array,
  ) => object;
  /** Of a module that imports nothing. */
  readonly Instance: new (
    module: object,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};
