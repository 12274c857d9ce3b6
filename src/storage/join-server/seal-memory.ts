import { sealedVersion, type Vault } from "../../join-server/ports/vault.ts";
import { ObjectNotes } from "./object-notes.ts";

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
  readonly #seals = new ObjectNotes<T, RememberedSeal>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Whether `value` has been opened or sealed before, under whatever version. */
  knows(value: T, origin: Origin): boolean {
    return this.#find(value, origin) !== undefined;
  }

  remember(value: T, origin: Origin, sealed: Uint8Array): void {
    this.#seals.set(value, { ...origin, sealed });
  }

  /** @param encode the plaintext of `value`; called only when it has to be sealed */
  seal(value: T, origin: Origin, encode: () => Uint8Array): Uint8Array {
    const known = this.#find(value, origin);
    if (known !== undefined && sealedVersion(known) === this.#vault.sealingVersion) return known;
    const sealed = this.#vault.seal(encode(), origin.context);
    this.remember(value, origin, sealed);
    return sealed;
  }

  #find(value: T, { context, companion }: Origin): Uint8Array | undefined {
    const known = this.#seals.get(value);
    const isOrigin = known?.context === context && known.companion === companion;
    return isOrigin ? known.sealed : undefined;
  }
}
