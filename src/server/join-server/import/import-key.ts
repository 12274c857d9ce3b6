import { exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { importRecipient, type Recipient } from "../../../device-files/jwe/sealed-devices.ts";
import type { SecretStore } from "../../../join-server/ports/data-key-store.ts";

const SECRET_NAME = "import-key";

/** The key pair that suppliers seal devices to. */
export interface ImportKey {
  readonly privateKey: Recipient;
  /** For anybody, with `kid`, its RFC 7638 thumbprint. */
  readonly publicJwk: JWK;
}

/**
 * The import key of this installation, which is made once and kept sealed in the database. It does not
 * change, so that a supplier can seal devices months before they are imported.
 */
export class ImportKeys {
  readonly #store: SecretStore;
  #loading: Promise<ImportKey> | undefined;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  /** @throws WarrenError `storage-failed` */
  load(): Promise<ImportKey> {
    this.#loading ??= loadOrMake(this.#store).catch((error: unknown) => {
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }
}

async function loadOrMake(store: SecretStore): Promise<ImportKey> {
  const kept = (await store.loadSecret(SECRET_NAME)) ?? (await make(store));
  const jwk = JSON.parse(Buffer.from(kept).toString("utf8")) as JWK;
  const { kty, crv, x, y } = jwk as Required<JWK>;
  const { thumbprint } = await importRecipient({ kty, crv, x, y });
  const key = (await importJWK(jwk, "ECDH-ES")) as Recipient["key"];
  return {
    privateKey: { key, thumbprint },
    publicJwk: { kty, crv, x, y, use: "enc", alg: "ECDH-ES", kid: thumbprint },
  };
}

/** P-256, which every library for JOSE knows. */
async function make(store: SecretStore): Promise<Uint8Array> {
  const { privateKey } = await generateKeyPair("ECDH-ES", { crv: "P-256", extractable: true });
  const jwk = new TextEncoder().encode(JSON.stringify(await exportJWK(privateKey)));
  return await store.saveSecretOnce(SECRET_NAME, jwk);
}
