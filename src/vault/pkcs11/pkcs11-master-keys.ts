import type * as Pkcs11 from "pkcs11js";
import { systemRandomBytes } from "../../crypto/random.ts";
import { masterKeyMissing, masterKeyWrong, wrappingContext } from "../data-key-wrapping.ts";
import type { MasterKeySource } from "../master-key-source.ts";
import type { Pkcs11Settings } from "../vault-settings.ts";
import { type Pkcs11Session, Pkcs11Token } from "./pkcs11-token.ts";

const IV_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;

/** Errors of a token that is not there any more, which say nothing of the key. */
const LOST_TOKEN = /^CKR_(DEVICE|TOKEN|SESSION)_/;

/**
 * Master keys that a PKCS#11 token has made and never lets out: AES-256, sensitive, not extractable, called
 * `<keyLabel>/<version>`. A data key is wrapped on the token by CKM_AES_GCM:
 *
 * | IV | ciphertext | tag |
 * | 12 |     32     | 16  |  bytes
 *
 * Two processes may make the key of one version at once; then the token has two of one name, and whichever
 * opens a data key is the right one.
 */
export class Pkcs11MasterKeys implements MasterKeySource {
  readonly kind = "pkcs11";
  readonly place: string;
  readonly #keyLabel: string;
  readonly #token: Pkcs11Token;

  constructor(settings: Pkcs11Settings) {
    this.place = `token "${settings.tokenLabel}" with the key label "${settings.keyLabel}"`;
    this.#keyLabel = settings.keyLabel;
    this.#token = new Pkcs11Token(settings);
  }

  listVersions(): Promise<number[]> {
    return this.#token.withSession((session) => {
      const versions = findKeys(session, undefined).map((key) => this.#versionOf(session, key));
      return [...new Set(versions.filter((version) => version > 0))].sort((a, b) => a - b);
    });
  }

  createMasterKey(version: number): Promise<boolean> {
    return this.#token.withSession((session) => {
      if (findKeys(session, this.#label(version)).length > 0) return false;
      const { pkcs11, module, handle } = session;
      const mechanism = { mechanism: pkcs11.CKM_AES_KEY_GEN };
      module.C_GenerateKey(handle, mechanism, [
        ...keyTemplate(pkcs11, this.#label(version)),
        { type: pkcs11.CKA_VALUE_LEN, value: 32 },
        { type: pkcs11.CKA_PRIVATE, value: true },
        { type: pkcs11.CKA_SENSITIVE, value: true },
        { type: pkcs11.CKA_EXTRACTABLE, value: false },
        { type: pkcs11.CKA_ENCRYPT, value: true },
        { type: pkcs11.CKA_DECRYPT, value: true },
      ]);
      return true;
    });
  }

  wrapDataKey(version: number, dataKey: Uint8Array): Promise<Uint8Array> {
    return this.#token.withSession((session) => {
      const { module, handle } = session;
      const [key] = this.#keysOf(session, version);
      const iv = Buffer.from(systemRandomBytes(IV_BYTES));
      module.C_EncryptInit(handle, gcm(session, iv, version), key as Pkcs11.Handle);
      const output = Buffer.alloc(dataKey.length + TAG_BYTES);
      return Buffer.concat([iv, module.C_Encrypt(handle, Buffer.from(dataKey), output)]);
    });
  }

  unwrapDataKey(version: number, wrapped: Uint8Array): Promise<Uint8Array> {
    const iv = Buffer.from(wrapped.subarray(0, IV_BYTES));
    const sealed = Buffer.from(wrapped.subarray(IV_BYTES));
    return this.#token.withSession((session) => {
      const { module, handle } = session;
      for (const key of this.#keysOf(session, version)) {
        try {
          module.C_DecryptInit(handle, gcm(session, iv, version), key);
          const output = Buffer.alloc(sealed.length);
          const dataKey = module.C_Decrypt(handle, sealed, output);
          if (dataKey.length === DATA_KEY_BYTES) return new Uint8Array(dataKey);
        } catch (error) {
          // A token does not tell a wrong key from its other troubles with a ciphertext.
          if (!(error instanceof Error) || LOST_TOKEN.test(error.message)) throw error;
        }
      }
      throw masterKeyWrong(this, version);
    });
  }

  destroyMasterKeys(versions: readonly number[]): Promise<void> {
    return this.#token.withSession((session) => {
      for (const version of versions) {
        for (const key of findKeys(session, this.#label(version))) {
          session.module.C_DestroyObject(session.handle, key);
        }
      }
    });
  }

  #label(version: number): string {
    return `${this.#keyLabel}/${version}`;
  }

  #keysOf(session: Pkcs11Session, version: number): Pkcs11.Handle[] {
    const keys = findKeys(session, this.#label(version));
    if (keys.length === 0) throw masterKeyMissing(this, version);
    return keys;
  }

  /** 0 for a key that is not one of ours. */
  #versionOf({ pkcs11, module, handle }: Pkcs11Session, key: Pkcs11.Handle): number {
    const [attribute] = module.C_GetAttributeValue(handle, key, [{ type: pkcs11.CKA_LABEL }]);
    const label = Buffer.from(attribute?.value as Buffer).toString("utf8");
    const version = /^[1-9]\d{0,9}$/.exec(label.slice(this.#keyLabel.length + 1))?.[0];
    return version !== undefined && label === this.#label(Number(version)) ? Number(version) : 0;
  }
}

/** AES keys on the token with this label, or all. */
function findKeys(
  { pkcs11, module, handle }: Pkcs11Session,
  label: string | undefined,
): Pkcs11.Handle[] {
  module.C_FindObjectsInit(handle, keyTemplate(pkcs11, label));
  try {
    const found: Pkcs11.Handle[] = [];
    for (;;) {
      const some = module.C_FindObjects(handle, 100);
      if (some.length === 0) return found;
      found.push(...some);
    }
  } finally {
    module.C_FindObjectsFinal(handle);
  }
}

function keyTemplate(pkcs11: typeof Pkcs11, label: string | undefined): Pkcs11.Template {
  return [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
    { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_AES },
    { type: pkcs11.CKA_TOKEN, value: true },
    ...(label === undefined ? [] : [{ type: pkcs11.CKA_LABEL, value: label }]),
  ];
}

function gcm({ pkcs11 }: Pkcs11Session, iv: Buffer, version: number): Pkcs11.Mechanism {
  const parameter: Pkcs11.AesGCM = {
    type: pkcs11.CK_PARAMS_AES_GCM,
    iv,
    aad: Buffer.from(wrappingContext(version)),
    ivBits: 8 * IV_BYTES,
    tagBits: 8 * TAG_BYTES,
  };
  return { mechanism: pkcs11.CKM_AES_GCM, parameter };
}
