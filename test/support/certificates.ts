// @peculiar/x509 needs it, and before itself.
import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

export interface Certificate {
  /** PEM, with the certificates between it and its root. */
  readonly cert: string;
  readonly key: string;
  readonly x509: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  /** SHA-256 in lower-case hex. */
  readonly sha256: string;
}

export interface CertificateOptions {
  readonly name?: string;
  readonly dnsNames?: readonly string[];
  /** Default: itself. */
  readonly issuer?: Certificate;
  readonly isCa?: boolean;
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  /** The certificates that go along with it. */
  readonly chain?: readonly Certificate[];
  readonly usage?: "client" | "server";
}

/** A real certificate, made now. */
export async function makeCertificate(options: CertificateOptions = {}): Promise<Certificate> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const { issuer, isCa = false, name = "test", chain = [] } = options;
  const usage =
    options.usage === "server" ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth;
  const subject = `CN=${name}`;
  const x509 = await X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(8).toString("hex")}`,
    subject,
    issuer: issuer?.x509.subject ?? subject,
    notBefore: new Date(Date.now() + (options.from ?? -1) * DAY_MS),
    notAfter: new Date(Date.now() + (options.to ?? 1) * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    extensions: [
      new BasicConstraintsExtension(isCa, undefined, true),
      // As OpenSSL makes them: roots of the same name are told apart by these.
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer?.keys.publicKey ?? keys.publicKey),
      ...(isCa ? [new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)] : []),
      ...(isCa ? [] : [new ExtendedKeyUsageExtension([usage])]),
      ...(options.dnsNames === undefined
        ? []
        : [
            new SubjectAlternativeNameExtension(
              options.dnsNames.map((value) => ({ type: "dns" as const, value })),
            ),
          ]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    cert: [x509.toString("pem"), ...chain.map(({ cert }) => cert)].join("\n"),
    key: PemConverter.encode(pkcs8, "PRIVATE KEY"),
    x509,
    keys,
    sha256: Buffer.from(await x509.getThumbprint("SHA-256")).toString("hex"),
  };
}

/** A CA and what it is called. */
export function makeCa(name = "test CA", issuer?: Certificate): Promise<Certificate> {
  return makeCertificate({ name, isCa: true, ...(issuer && { issuer }) });
}

/** A certificate for a server on 127.0.0.1 and localhost. */
export function makeServerCertificate(issuer: Certificate): Promise<Certificate> {
  return makeCertificate({
    name: "localhost",
    dnsNames: ["localhost"],
    usage: "server",
    issuer,
  });
}

/** Writes certificate and key as files of the folder. */
export function writeCertificate(
  folder: string,
  { cert, key }: Certificate,
): { certificateFile: string; keyFile: string } {
  const files = { certificateFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  writeFileSync(files.certificateFile, cert);
  writeFileSync(files.keyFile, key);
  return files;
}
