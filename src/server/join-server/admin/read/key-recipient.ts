import { CompactEncrypt, calculateJwkThumbprint, importJWK } from "jose";
import { type LabelledKek, sealKeyEnvelope } from "../../../../backend/key-envelope.ts";
import { type Aes128Key, equalKeys, exportAes128Key } from "../../../../crypto/aes128.ts";
import { keyFingerprint } from "../../../../crypto/key-fingerprint.ts";
import { importKek } from "../../../../crypto/key-wrap.ts";
import { WarrenError } from "../../../../errors.ts";
import type { KeyRecipient } from "../../../../join-server/administration/key-export.ts";
import type { Device } from "../../../../join-server/device.ts";
import { formatHex, parseHex } from "../../../../lorawan/hex.ts";
import { isLorawan11 } from "../../../../lorawan/mac-version.ts";
import type { RootKeys } from "../../../../root-key/root-keys.ts";
import type { KeyExportBody, KeyExportView, PublicKey } from "../schemas/key-export-schemas.ts";

/** For whom keys are sealed, and how. */
export interface KeySealer {
  readonly recipient: KeyRecipient;
  readonly seal: (device: Device) => Promise<KeyExportView>;
}

/** @throws WarrenError `key-malformed` for a public key that cannot be used */
export function readRecipient(body: KeyExportBody): Promise<KeySealer> {
  return "kek" in body ? Promise.resolve(kekSealer(body)) : jwkSealer(body.publicKey);
}

function kekSealer({
  kek: hex,
  kekLabel = "export",
}: {
  kek: string;
  kekLabel?: string;
}): KeySealer {
  const kek: LabelledKek = { label: kekLabel, kek: importKek(parseHex(hex)) };
  const wrap = (key: Aes128Key) => sealKeyEnvelope(key, kek);
  const envelope = (key: Aes128Key) => {
    const { kekLabel: label, aesKey } = wrap(key);
    return { kekLabel: label, aesKey: formatHex(aesKey) };
  };
  return {
    recipient: { kind: "kek", fingerprint: keyFingerprint(kek.kek) },
    seal: (device) => Promise.resolve({ ...identityOf(device), ...keysOf(device, envelope) }),
  };
}

/**
 * Seals to the public key: ECDH-ES+A256KW for EC and OKP keys, RSA-OAEP-256 for RSA, A256GCM.
 *
 * @throws WarrenError `key-malformed`
 */
async function jwkSealer(jwk: PublicKey): Promise<KeySealer> {
  const alg = jwk.kty === "RSA" ? "RSA-OAEP-256" : "ECDH-ES+A256KW";
  const { key, thumbprint } = await importPublicKey(jwk, alg);
  return {
    recipient: { kind: "jwk", fingerprint: thumbprint },
    seal: async (device) => {
      const hex = (given: Aes128Key) => formatHex(exportAes128Key(given));
      const plaintext = JSON.stringify({ ...identityOf(device), ...keysOf(device, hex) });
      const jwe = await new CompactEncrypt(Buffer.from(plaintext))
        .setProtectedHeader({ alg, enc: "A256GCM", cty: "json", kid: jwk.kid ?? thumbprint })
        .encrypt(key);
      return { ...identityOf(device), jwe };
    },
  };
}

async function importPublicKey(jwk: PublicKey, alg: string) {
  try {
    // Which members a kind of key must have is for jose to say; key_ops would be those of the private one.
    const { key_ops: _, use: __, ...material } = jwk;
    const given = { ...material, alg } as Parameters<typeof importJWK>[0];
    const key = await importJWK(given, alg);
    const thumbprint = await calculateJwkThumbprint(given);
    // Encrypting is what tells keys that are too short or not on their curve.
    await new CompactEncrypt(new Uint8Array(1))
      .setProtectedHeader({ alg, enc: "A256GCM" })
      .encrypt(key);
    return { key, thumbprint };
  } catch (error) {
    throw new WarrenError(
      "key-malformed",
      "publicKey cannot be used: it takes a public JWK of P-256, P-384, P-521 or X25519, or of RSA " +
        "with 2,048 bits or more",
      { cause: error },
    );
  }
}

function identityOf({ devEui, joinEui, macVersion, rootKeys }: Device) {
  return { devEui, joinEui, macVersion, generation: rootKeys.generation };
}

/** The candidate too, once there is one: the device may have changed over to it already. */
function keysOf<T>(device: Device, show: (key: Aes128Key) => T) {
  const { currentKeys, candidateKeys } = device.rootKeys;
  return {
    rootKeys: showBoth(device, currentKeys, show),
    ...(candidateKeys !== undefined && {
      candidateRootKeys: showBoth(device, candidateKeys, show),
    }),
  };
}

/** Without GenAppKey a 1.0.x device has its AppKey in both places, and is registered with one. */
function showBoth<T>({ macVersion }: Device, keys: RootKeys, show: (key: Aes128Key) => T) {
  const hasOne = !isLorawan11(macVersion) && equalKeys(keys.nwkKey, keys.appKey);
  return { nwkKey: show(keys.nwkKey), ...(!hasOne && { appKey: show(keys.appKey) }) };
}
