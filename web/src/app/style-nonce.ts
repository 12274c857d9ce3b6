declare global {
  var __webpack_nonce__: string | undefined;
}

/** Of the server's Content-Security-Policy: style elements that scripts make need it. */
export const styleNonce =
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// Where the scroll lock of dialogs, a package of its own, looks for it.
globalThis.__webpack_nonce__ = styleNonce;
