import type { Clock } from "../../clock.ts";
import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { drawApiToken, hashApiToken } from "../access/api-token-text.ts";
import type { Authenticator } from "../access/authenticator.ts";
import type { ApiToken, Role, TokenStore } from "../ports/token-store.ts";

export interface TokenAdministrationOptions {
  readonly store: TokenStore;
  readonly authenticator: Pick<Authenticator, "forget">;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}

/** API tokens. All of them may be revoked: the token in the data folder stays as the last way in. */
export class TokenAdministration {
  readonly #options: TokenAdministrationOptions;

  constructor(options: TokenAdministrationOptions) {
    this.#options = options;
  }

  list(): Promise<ApiToken[]> {
    return this.#options.store.listTokens();
  }

  /** @throws WarrenError `resource-unknown` */
  async get(id: string): Promise<ApiToken> {
    const token = (await this.list()).find((known) => known.id === id);
    if (token === undefined) throw tokenUnknown(id);
    return token;
  }

  /**
   * @returns the token as it is kept, and its text, which nobody can show again
   * @throws WarrenError `value-out-of-range` for a time of expiry that is over
   */
  async create(
    wanted: { readonly name: string; readonly role: Role; readonly expiresAt: number | undefined },
    actor: string,
  ): Promise<{ token: ApiToken; text: string }> {
    const { store, clock, randomBytes } = this.#options;
    const now = clock.now();
    const { name, role, expiresAt } = wanted;
    if (expiresAt !== undefined && expiresAt <= now) {
      throw new WarrenError("value-out-of-range", "expiresAt is over; give a time to come");
    }
    const { id, text } = drawApiToken(randomBytes);
    const token = { id, name, role, hash: hashApiToken(text), createdAt: now, expiresAt };
    const details = { name, role, expiresAt };
    await store.saveToken(token, { at: now, actor, action: "token.create", subject: id, details });
    return { token, text };
  }

  /** @throws WarrenError `resource-unknown` */
  async revoke(id: string, actor: string): Promise<void> {
    const { store, clock, authenticator } = this.#options;
    const audit = { at: clock.now(), actor, action: "token.revoke", subject: id, details: {} };
    const isRevoked = await store.deleteToken(id, audit);
    authenticator.forget(id);
    if (!isRevoked) throw tokenUnknown(id);
  }
}

function tokenUnknown(id: string): WarrenError {
  return new WarrenError("resource-unknown", `no token has the id ${id}`);
}
