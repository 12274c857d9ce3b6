import { type Aes128Key, exportAes128Key, importAes128Key } from "../crypto/aes128.ts";
import { type Kek, unwrapKey, wrapKeys } from "../crypto/key-wrap.ts";
import { WarrenError } from "../errors.ts";
import { hexMember, type Members } from "./members.ts";

/** How a session key travels between servers (TS002 1.0 §14, "KeyEnvelope object"). */
export interface KeyEnvelope {
  /** Names the key encryption key both ends agreed on; "" when the key is in the clear. */
  readonly kekLabel: string;
  /** 24 bytes wrapped by RFC 3394, or 16 in the clear when there is no label. */
  readonly aesKey: Uint8Array;
}

/** A key encryption key and the name both ends know it by. */
export interface LabelledKek {
  readonly label: string;
  readonly kek: Kek;
}

/** Wraps a key for one peer; without a KEK it travels in the clear, which only that peer's operator decides. */
export function sealKeyEnvelope(key: Aes128Key, kek: LabelledKek | undefined): KeyEnvelope {
  return sealKeyEnvelopes([{ key, kek }])[0] as KeyEnvelope;
}

/** A key and what it is wrapped under. */
export interface KeyToSeal {
  readonly key: Aes128Key;
  readonly kek: LabelledKek | undefined;
}

/** `sealKeyEnvelope` of each, in about the time of one. */
export function sealKeyEnvelopes(keys: readonly KeyToSeal[]): KeyEnvelope[] {
  const toWrap = keys.flatMap(({ key, kek }) =>
    kek === undefined ? [] : [{ kek: kek.kek, key: exportAes128Key(key) }],
  );
  const wrapped = wrapKeys(toWrap).values();
  return keys.map(({ key, kek }) =>
    kek === undefined
      ? { kekLabel: "", aesKey: exportAes128Key(key) }
      : { kekLabel: kek.label, aesKey: wrapped.next().value as Uint8Array },
  );
}

/**
 * Opens an envelope with the KEK its label names.
 *
 * @throws WarrenError `key-unwrap-failed` for another label or a wrong KEK, without saying which part failed
 */
export function openKeyEnvelope(envelope: KeyEnvelope, keks: readonly LabelledKek[]): Aes128Key {
  if (envelope.kekLabel === "") return importAes128Key(envelope.aesKey);
  const kek = keks.find(({ label }) => label === envelope.kekLabel);
  if (kek === undefined) {
    throw new WarrenError(
      "key-unwrap-failed",
      "no key encryption key has the label of the envelope",
    );
  }
  return importAes128Key(unwrapKey(kek.kek, envelope.aesKey));
}

/** An envelope as JSON. The label is always there, "" for clear keys, as the known stacks do. */
export function encodeKeyEnvelope(envelope: KeyEnvelope): Record<string, string> {
  return { KEKLabel: envelope.kekLabel, AESKey: hexMember(envelope.aesKey) };
}

/** Reads an envelope: 16 bytes without a label, 24 with one. */
export function decodeKeyEnvelope(members: Members): KeyEnvelope {
  const kekLabel = members.has("KEKLabel") ? members.text("KEKLabel") : "";
  return { kekLabel, aesKey: members.bytes("AESKey", kekLabel === "" ? 16 : 24) };
}
