/** Where messages for an Application Server go. */
export interface ApplicationServerAddress {
  /** Base URL without a slash at the end. */
  readonly url: string;
  /** Shown to it, and asked of it, as a bearer token; without, neither. */
  readonly token?: string | undefined;
}
