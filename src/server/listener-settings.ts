/** The files a TLS listener shows who it is by. Read again when they change, so they can be renewed. */
export interface TlsFiles {
  /** PEM: the certificate, then those between it and its root, if there are any. */
  readonly certificateFile: string;
  /** PEM, not encrypted. */
  readonly keyFile: string;
}

/** Where one HTTP listener of a role is reached, and by what. */
export interface ListenerSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsFiles | undefined;
  /** Plain HTTP on an address that others can reach, which is refused otherwise. */
  readonly allowsPlainHttp?: boolean | undefined;
}
