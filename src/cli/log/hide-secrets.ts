/** What stands where a secret would. */
const HIDDEN = "<hidden>";
/** Names of members whose values are never logged, in lower case without separators. */
const SECRET_NAMES = new Set([
  ...["authorization", "proxyauthorization", "cookie", "token", "password", "passphrase", "pin"],
  ...["secret", "credentials", "key", "keys", "kek", "wrappedkey", "privatekey", "masterkey"],
  ...["nwkkey", "appkey", "genappkey", "rootkeys", "nwkskey", "appskey", "fnwksintkey"],
  ...["snwksintkey", "nwksenckey", "jsintkey", "jsenckey", "rkuintkey", "kkdk", "phypayload"],
]);
/** Digests say who and not how: they may be shown in full. */
const DIGEST_NAME = /sha256$/i;
const SECRET_TEXT = [
  // A key of 128 bits or more in hex; EUIs and fingerprints are shorter.
  /[0-9a-fA-F]{32,}/g,
  // A token or key of 256 bits in base64.
  /(?<![\w./-])(?=[\w+-]*\d)[\w+-]{40,}/g,
  /[\w+/]{42,}={1,2}/g,
  // A key of 128 bits in base64.
  /(?<![\w+/])[\w+/]{22}==/g,
  /(?<=\b(?:Bearer|Basic)\s+)[^\s"',<]+/gi,
  // User and password of a URL.
  /(?<=:\/\/)[^/\s@"']+(?=@)/g,
  /whsec_[\w+/=-]+/g,
  // Bytes one by one, as Buffers are shown.
  /(?:\d{1,3}, ?){15,}\d{1,3}/g,
  /(?:\b[0-9a-f]{2} ){15,}[0-9a-f]{2}\b/gi,
];
/** An EUI is as long; what is no longer is not looked at. */
const HARMLESS_LENGTH = 16;
/** Names seen before, so that a line of an event costs next to nothing. */
const isSecretName = new Map<string, boolean>();
const KNOWN_NAMES_MAX = 1_000;
const DEPTH_MAX = 5;

/** The text without anything that looks like a key, a token or a password. */
export function hideSecretsInText(text: string): string {
  if (text.length <= HARMLESS_LENGTH) return text;
  return SECRET_TEXT.reduce((shown, pattern) => shown.replace(pattern, HIDDEN), text);
}

/** A copy of the fields of a log line without keys, bytes and secrets, however deep. */
export function hideSecretsInFields(fields: object, depth = 0): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    shown[name] = shownValue(name, (fields as Record<string, unknown>)[name], depth);
  }
  return shown;
}

function isSecret(name: string): boolean {
  const known = isSecretName.get(name);
  if (known !== undefined) return known;
  const answer = SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ""));
  if (isSecretName.size < KNOWN_NAMES_MAX) isSecretName.set(name, answer);
  return answer;
}

function shownValue(name: string, value: unknown, depth: number): unknown {
  if (typeof value === "number" || typeof value === "boolean" || value == null) return value;
  if (isSecret(name)) return HIDDEN;
  if (typeof value === "string") return DIGEST_NAME.test(name) ? value : hideSecretsInText(value);
  if (typeof value !== "object") return String(value);
  if (depth >= DEPTH_MAX || ArrayBuffer.isView(value)) return HIDDEN;
  if (value instanceof Error) return shownError(value, depth);
  if (Array.isArray(value)) return value.map((item) => shownValue("", item, depth + 1));
  return hideSecretsInFields(value, depth + 1);
}

/** Its own members are left out but for the code: libraries hang requests and options on their errors. */
function shownError(error: Error, depth: number): object {
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    ...(typeof code === "string" && { code }),
    message: hideSecretsInText(error.message),
    stack: hideSecretsInText(error.stack ?? ""),
    ...(error.cause !== undefined && { cause: shownValue("cause", error.cause, depth + 1) }),
  };
}
