/**
 * A new instance of a module without imports; its memory is its own.
 *
 * @param base64 as the modules have it that `npm run build:wasm` writes
 * @returns what the module exports
 * @throws WebAssembly.CompileError where the processor lacks what it needs, such as vectors
 */
export function instantiateWasm<Exports>(base64: string): Exports {
  const module = new WebAssembly.Module(Buffer.from(base64, "base64"));
  return new WebAssembly.Instance(module).exports as unknown as Exports;
}
