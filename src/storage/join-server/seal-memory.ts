import { sealedVersion, type Vault } from "../../join-server/ports/vault.ts";

/** What a sealed value was made of. */
interface Origin {
  readonly context: string;
  /** What was sealed together with the object it is remembered by. */
  readonly companion: unknown;
}

interface RememberedSeal extends Origin {
  readonly sealed: Uint8Array;
}

/**
 * Sealed values by the immutable object they were opened to or made from, so that a save seals only what
 * has changed. A value sealed under an older version than the vault's is sealed anew.
 */
export class SealMemory<T extends object> {
  readonly #vault: Vault;
  readonly #seals = new WeakMap<T, RememberedSeal>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Whether `value` has been opened or sealed before, under whatever version. */
  knows(value: T, { context, companion }: Origin): boolean {
    const known = this.#seals.get(value);
    return known !== undefined && known.context === context && known.companion === companion;
  }

  remember(value: T, origin: Origin, sealed: Uint8Array): void {
    this.#seals.set(value, { ...origin, sealed });
  }

  /** @param encode the plaintext of `value`; called only when it has to be sealed */
  seal(value: T, origin: Origin, encode: () => Uint8Array): Uint8Array {
    const known = this.#seals.get(value);
    if (
      known !== undefined &&
      known.context === origin.context &&
      known.companion === origin.companion &&
      sealedVersion(known.sealed) === this.#vault.sealingVersion
    ) {
      return known.sealed;
    }
    const sealed = this.#vault.seal(encode(), origin.context);
    this.remember(value, origin, sealed);
    return sealed;
  }
}
