import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RandomBytes } from "../../../crypto/random.ts";
import type { HttpApp } from "../../http-app.ts";
import { problem } from "../../problem-details.ts";
import { addReportRoutes } from "./evaluation-report-routes.ts";
import { isFileBelow } from "./file-below.ts";
import { consolePolicy, setSecurityHeaders } from "./security-headers.ts";

/** Where `npm run build:console` puts the pages, wherever this process was started. */
const BUILD_FOLDER = fileURLToPath(new URL("../../../../web/dist", import.meta.url));

const NONCE_BYTES = 16;
/** What stands in the built page for the nonce. */
const NONCE_PLACE = "__CSP_NONCE__";
const INDEX = "index.html";
/** The names of these files have a hash of what is in them. */
const ASSETS = "assets/";

const NOT_BUILT = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Warren</title>
<h1>The console is not built</h1>
<p>Run <code>npm run build:console</code> in the folder of Warren, then load this page again.
The administration API and the command line work without it.</p>
`;

export interface ConsoleFolders {
  /** Default: `web/dist` of this program. */
  readonly build?: string | undefined;
  /** Default: `evaluation-report` of this program. */
  readonly evaluationReport?: string | undefined;
}

/** `/console/`: the pages of the console, to everybody; what they show, the API gives to who is signed in. */
export function addConsoleRoutes(
  scope: HttpApp,
  { build = BUILD_FOLDER, evaluationReport }: ConsoleFolders,
  randomBytes: RandomBytes,
): void {
  scope.register(fastifyStatic, { serve: false, preCompressed: true, cacheControl: false });
  addReportRoutes(scope, evaluationReport);
  const isPublic = { config: { right: "public" }, schema: { hide: true } } as const;
  scope.get("/", isPublic, (_request, reply) => reply.redirect("/console/"));
  scope.get("/console", isPublic, (_request, reply) => reply.redirect("/console/"));
  scope.get("/console/*", isPublic, async (request, reply) => {
    const path = (request.params as { "*": string })["*"];
    if (path !== INDEX && (await isFileBelow(build, path))) {
      const isAsset = path.startsWith(ASSETS);
      const caching = isAsset ? "public, max-age=31536000, immutable" : "no-cache";
      return reply.header("cache-control", caching).sendFile(path, build);
    }
    if (isPage(path, request)) return sendPage(reply, build, randomBytes);
    return problem(reply, 404, "not-found", "the console has no such file; load the page again");
  });
}

/** Must come before who may see a route is asked, so that refusals have them as well. */
export function addConsoleHeaders(scope: HttpApp): void {
  scope.addHook("onRequest", (request, reply, done) => {
    if (request.routeOptions.url?.startsWith("/console") === true) setSecurityHeaders(reply);
    done();
  });
}

/** The program in the page knows its own paths, so it is sent for every one that may be one. */
function isPage(path: string, { headers }: FastifyRequest): boolean {
  if (path === INDEX) return true;
  if (path.startsWith(ASSETS)) return false;
  const hasExtension = /\.[^/]*$/.test(path);
  // An AS-ID or the name of a device profile may have a dot.
  return !hasExtension || headers.accept?.includes("text/html") === true;
}

async function sendPage(
  reply: FastifyReply,
  build: string,
  randomBytes: RandomBytes,
): Promise<FastifyReply> {
  reply.type("text/html; charset=utf-8").header("cache-control", "no-cache");
  const page = await readFile(join(build, INDEX), "utf8").catch(() => undefined);
  if (page === undefined) return reply.code(503).send(NOT_BUILT);
  const nonce = Buffer.from(randomBytes(NONCE_BYTES)).toString("base64");
  return reply
    .header("content-security-policy", consolePolicy(nonce))
    .send(page.replaceAll(NONCE_PLACE, nonce));
}
