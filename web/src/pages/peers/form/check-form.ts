import type { PeerKind } from "../peer-queries.ts";
import type { AuthenticationForm, PeerForm, RouteForm } from "./peer-form.ts";

/** What is wrong, by field, in a sentence that says what to give. */
export type FormProblems = Partial<Record<string, string>>;

const KEK = /^([0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})$/i;
const SHA256 = /^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i;

/** The server checks the same again; this says it beside the field. */
export function checkForm(form: PeerForm, kind: PeerKind, isNew: boolean): FormProblems {
  const { kek, hasRateLimit, perSecond, burst, rootKeyFPort } = form;
  const isAs = kind === "application-server";
  return withoutEmpty({
    id: isNew ? idProblem(form.id, kind) : undefined,
    kek: (isNew || kek !== "") && !KEK.test(kek) ? "Give 32, 48 or 64 hex digits." : undefined,
    perSecond: hasRateLimit && !(Number(perSecond) > 0) ? "Give a number above 0." : undefined,
    burst: hasRateLimit && !isWhole(burst, 1, 1_000_000) ? "Give 1 or more." : undefined,
    rootKeyFPort: isAs && !isWhole(rootKeyFPort, 1, 223) ? "Give an FPort of 1 to 223." : undefined,
    ...(form.authentication !== undefined && checkAuthentication(form.authentication)),
    ...(form.route !== undefined && checkRoute(form.route, form.answers)),
  });
}

function idProblem(id: string, kind: PeerKind): string | undefined {
  const isNetId = /^[0-9a-f]{6}$/i.test(id);
  if (kind === "network-server") return isNetId ? undefined : "A NetID has 6 hex digits: 000013.";
  if (!/^[!-~]{1,64}$/.test(id)) return "Give 1 to 64 letters, digits or signs, without spaces.";
  return isNetId ? "6 hex digits read as a NetID: give another AS-ID." : undefined;
}

function checkAuthentication(form: AuthenticationForm): FormProblems {
  const { kind, token, ca, certificateSha256 } = form;
  if (kind === "loopback") return {};
  if (kind === "bearer") {
    return { token: token.length < 16 ? "Give a token of at least 16 characters." : undefined };
  }
  return {
    certificateSha256: certificateSha256.every((text) => SHA256.test(text))
      ? undefined
      : "Each is 64 hex digits, with or without colons.",
    authenticationCa:
      ca.trim() === "" && certificateSha256.length === 0
        ? "Give the CA of the peer's certificates, or the SHA-256 of those it may show."
        : undefined,
  };
}

function checkRoute(form: RouteForm, answers: PeerForm["answers"]): FormProblems {
  const { isWanted, url, protocolVersion, senderNsId } = form;
  if (!isWanted) {
    return { answers: answers === "async" ? "Asynchronous answers need a route." : undefined };
  }
  const hasSenderNsId = /^[0-9a-f]{16}$/i.test(senderNsId);
  return {
    url: /^https?:\/\/[!-~]+$/.test(url) ? undefined : "Give an address: https://ns.example.com/",
    senderNsId:
      protocolVersion === "1.1" && !hasSenderNsId
        ? "Version 1.1 needs a SenderNSID of 16 hex digits."
        : undefined,
  };
}

function isWhole(value: number | string, least: number, most: number): boolean {
  const number = value === "" ? Number.NaN : Number(value);
  return Number.isInteger(number) && number >= least && number <= most;
}

function withoutEmpty(problems: FormProblems): FormProblems {
  return Object.fromEntries(Object.entries(problems).filter(([, text]) => text !== undefined));
}
