import { X509Certificate } from "node:crypto";
import { WarrenError } from "../../../../errors.ts";
import type { CertificateView } from "../schemas/peer-schemas.ts";

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * What to show of the certificates in a PEM text.
 *
 * @throws WarrenError `request-malformed` when there is none, or one cannot be read
 */
export function readCertificates(pem: string): CertificateView[] {
  const blocks = pem.match(PEM_BLOCK) ?? [];
  if (blocks.length === 0) throw certificateMalformed();
  return blocks.map((block) => {
    const { subject, validTo, fingerprint256 } = parse(block);
    return {
      subject: subject.replaceAll("\n", ", "),
      validTo: new Date(validTo).toISOString(),
      sha256: formatSha256(fingerprint256),
    };
  });
}

/** SHA-256 of a certificate as it is kept: 64 lower-case hex digits; colons are taken and left out. */
export function formatSha256(text: string): string {
  return text.replaceAll(":", "").toLowerCase();
}

function parse(block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch {
    throw certificateMalformed();
  }
}

function certificateMalformed(): WarrenError {
  return new WarrenError(
    "request-malformed",
    "`ca` is no PEM certificate: send the text from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
  );
}
