import type { FastifyReply } from "fastify";

/** For every answer below `/console/`; what a page may load, its own policy says. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()",
} as const;

/** For answers that are no page. */
const NOTHING_ALLOWED = policy({ "default-src": "'none'", "frame-ancestors": "'none'" });

export function setSecurityHeaders(reply: FastifyReply): void {
  reply.headers(HEADERS).header("content-security-policy", NOTHING_ALLOWED);
}

/**
 * The policy of the console's page: files of this server, and no request to any other.
 *
 * @param nonce of the style elements that the component library makes, new for each answer
 */
export function consolePolicy(nonce: string): string {
  return policy({
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": `'self' 'nonce-${nonce}'`,
    // React sets styles one by one from the script, which needs no leave.
    "style-src-attr": "'none'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
  });
}

/**
 * The policy of the evaluation report, which is a file that anybody may have put there: it shows itself and
 * its tables, and runs nothing, so it can do nothing with the session of who looks at it. Its own origin
 * it keeps, since without it the browser would send no cookie when a reader follows a link to a table.
 */
export const REPORT_POLICY = policy({
  sandbox: "allow-same-origin allow-downloads",
  "default-src": "'none'",
  "style-src": "'unsafe-inline'",
  "img-src": "'self' data:",
  "frame-ancestors": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
});

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}
