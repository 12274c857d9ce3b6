import type * as Pkcs11 from "pkcs11js";
import { WarrenError } from "../../errors.ts";
import { readOwnerOnlyFile } from "../key-file/owner-only-file.ts";
import type { Pkcs11Settings } from "../vault-settings.ts";

/** A session that is logged in, for as long as one call lasts. */
export interface Pkcs11Session {
  readonly pkcs11: typeof Pkcs11;
  readonly module: Pkcs11.PKCS11;
  readonly handle: Pkcs11.Handle;
}

/** What a token says of a login that fails, and what to do. */
const LOGIN_REMEDIES: Readonly<Record<string, string>> = {
  CKR_PIN_INCORRECT:
    "the PIN is wrong; correct it before the next start, since tokens lock after a few wrong ones",
  CKR_PIN_LOCKED: "the PIN is locked after wrong ones; its security officer can set a new one",
  CKR_PIN_LEN_RANGE: "the PIN has a length that the token does not take",
  CKR_USER_PIN_NOT_INITIALIZED: "the token has no user PIN yet; initialise it",
};

/** A token as the settings name it. */
export class Pkcs11Token {
  readonly #settings: Pkcs11Settings;
  #refused: { readonly pin: string; readonly error: WarrenError } | undefined;

  constructor(settings: Pkcs11Settings) {
    this.#settings = settings;
  }

  /**
   * Logs in to the token, runs `use` and logs out. All of it happens within one turn of the event loop,
   * since a PKCS#11 module knows one login for the whole process.
   *
   * @throws WarrenError `vault-unavailable` saying what is missing: package, module, token, PIN
   */
  async withSession<T>(use: (session: Pkcs11Session) => T): Promise<T> {
    const settings = this.#settings;
    const pkcs11 = await loadPackage();
    const pin = settings.pin ?? (await readPin(settings.pinFile));
    // Tokens lock after a few wrong PINs, and a server that needs a key asks again and again.
    if (this.#refused?.pin === pin) throw this.#refused.error;
    const module = new pkcs11.PKCS11();
    try {
      module.load(settings.modulePath);
    } catch (error) {
      throw unavailable(`cannot load the PKCS#11 module ${settings.modulePath}`, error);
    }
    try {
      module.C_Initialize();
      const handle = openSession(pkcs11, module, settings);
      this.#logIn({ pkcs11, module, handle }, pin);
      return use({ pkcs11, module, handle });
    } catch (error) {
      if (error instanceof WarrenError) throw error;
      throw unavailable(`token "${settings.tokenLabel}" refused`, error);
    } finally {
      finalize(module);
    }
  }

  #logIn({ pkcs11, module, handle }: Pkcs11Session, pin: string): void {
    try {
      module.C_Login(handle, pkcs11.CKU_USER, pin);
    } catch (error) {
      const remedy = LOGIN_REMEDIES[(error as Error).message] ?? "the token refused the PIN";
      const refusal = unavailable(`token "${this.#settings.tokenLabel}": ${remedy}`, error);
      if (/^CKR_PIN_/.test((error as Error).message)) this.#refused = { pin, error: refusal };
      throw refusal;
    }
  }
}

function openSession(
  pkcs11: typeof Pkcs11,
  module: Pkcs11.PKCS11,
  settings: Pkcs11Settings,
): Pkcs11.Handle {
  const flags = pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION;
  return module.C_OpenSession(findSlot(module, settings), flags);
}

function findSlot(
  module: Pkcs11.PKCS11,
  { tokenLabel, modulePath }: Pkcs11Settings,
): Pkcs11.Handle {
  const labels: string[] = [];
  for (const slot of module.C_GetSlotList(true)) {
    const label = module.C_GetTokenInfo(slot).label.trimEnd();
    if (label === tokenLabel) return slot;
    if (label !== "") labels.push(`"${label}"`);
  }
  const present = labels.length === 0 ? "none" : labels.join(", ");
  throw new WarrenError(
    "vault-unavailable",
    `${modulePath} has no token with the label "${tokenLabel}", but ${present}; connect or initialise it, ` +
      "or correct the label",
  );
}

/** Loaded only where a token is used: the package has to be compiled for the machine. */
async function loadPackage(): Promise<typeof Pkcs11> {
  try {
    return (await import("pkcs11js")).default;
  } catch (error) {
    throw new WarrenError(
      "vault-unavailable",
      "the package pkcs11js, which PKCS#11 tokens need, is not there or was not compiled for this machine: " +
        "run npm install --include=optional, with a C++ compiler and Python at hand",
      { cause: error },
    );
  }
}

/** @throws WarrenError `vault-unavailable`, also when others may read the file */
async function readPin(path: string): Promise<string> {
  const [line = ""] = ((await readOwnerOnlyFile(path)) ?? "").split(/\r?\n/);
  if (line !== "") return line;
  throw new WarrenError(
    "vault-unavailable",
    `the PIN of the token is to stand in the first line of ${path}, and there is none`,
  );
}

/** Ends the session with it. Some modules fail here after a lost token, which is no news. */
function finalize(module: Pkcs11.PKCS11): void {
  try {
    module.C_Finalize();
  } catch {
    // It was not initialised.
  }
  module.close();
}

function unavailable(what: string, error: unknown): WarrenError {
  const reason = error instanceof Error ? error.message : "unknown error";
  return new WarrenError("vault-unavailable", `${what} (${reason})`);
}
