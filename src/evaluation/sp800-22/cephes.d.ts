// The package has declarations, but its "exports" do not lead to them.
declare module "cephes" {
  /** Settled once the WebAssembly is there; no function may be called before. */
  export const compiled: Promise<void>;
  export function erfc(x: number): number;
  export function igamc(a: number, x: number): number;
  /** ln |gamma(x)| */
  export function lgam(x: number): number;
  export function ndtr(x: number): number;
}
