import type { Clock } from "../../clock.ts";
import { equalBytes } from "../../crypto/constant-time.ts";
import { sha256 } from "../../crypto/sha256.ts";
import type { ApiToken, Role, TokenStore } from "../ports/token-store.ts";
import { hashApiToken, hasTokenForm } from "./api-token-text.ts";

/** Who calls, as far as a token says. */
export interface Caller {
  /** As in the audit log: `token:<id>` or `file-token`. */
  readonly actor: string;
  readonly role: Role;
  /** Name of the token. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

/** How long a token that another process has revoked may still be taken. */
const MEMORY_MS = 2_000;
/** Far more than anybody has; only tokens that were found take room. */
const MAX_REMEMBERED = 10_000;

interface Remembered {
  readonly token: ApiToken;
  readonly until: number;
}

export interface AuthenticatorOptions {
  readonly tokens: Pick<TokenStore, "findToken">;
  /** The text of `<data>/admin-token`, the way in before there are tokens and when all are lost. */
  readonly fileToken: string;
  readonly clock: Clock;
}

/**
 * Tells who the bearer of a token is. Tokens are looked up by their hash, so a comparison that takes
 * longer for a better guess says nothing about a token.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #fileTokenHash: Uint8Array;
  readonly #remembered = new Map<string, Remembered>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#fileTokenHash = sha256(options.fileToken);
  }

  /** Undefined for a token that is unknown, revoked or expired. @throws WarrenError `storage-failed` */
  authenticate(token: string): Promise<Caller | undefined> {
    const hash = hashApiToken(token);
    // Nothing else is looked up in the database.
    if (!hasTokenForm(token) && !this.#isFileToken(hash)) return Promise.resolve(undefined);
    return this.authenticateHash(hash);
  }

  /**
   * As `authenticate`, for who has shown the token before and has kept its hash.
   *
   * @param hash as `hashApiToken` makes it
   * @throws WarrenError `storage-failed`
   */
  async authenticateHash(hash: string): Promise<Caller | undefined> {
    if (this.#isFileToken(hash)) {
      return {
        actor: "file-token",
        role: "administrator",
        name: "admin-token",
        expiresAt: undefined,
      };
    }
    const found = await this.#find(hash);
    if (found === undefined) return undefined;
    const { id, role, name, expiresAt } = found;
    if (expiresAt !== undefined && expiresAt <= this.#options.clock.now()) return undefined;
    return { actor: `token:${id}`, role, name, expiresAt };
  }

  #isFileToken(hash: string): boolean {
    return equalBytes(Buffer.from(hash, "hex"), this.#fileTokenHash);
  }

  /** A token was revoked here: from now on it is looked up again. */
  forget(tokenId: string): void {
    for (const [hash, { token }] of this.#remembered) {
      if (token.id === tokenId) this.#remembered.delete(hash);
    }
  }

  async #find(hash: string): Promise<ApiToken | undefined> {
    const now = this.#options.clock.now();
    const remembered = this.#remembered.get(hash);
    if (remembered !== undefined && now < remembered.until) return remembered.token;
    this.#remembered.delete(hash);
    const token = await this.#options.tokens.findToken(hash);
    if (token === undefined) return undefined;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(hash, { token, until: now + MEMORY_MS });
    return token;
  }
}
