import type { ParseOptions } from "../../../device-files/device-record.ts";
import { parseVersionName } from "../../../device-files/version-name.ts";
import type { Administration } from "../../../join-server/administration.ts";
import type { SecretStore } from "../../../join-server/ports/data-key-store.ts";
import type { DeviceStore } from "../../../join-server/ports/device-store.ts";
import { parseEui64, parseNetId } from "../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../http-app.ts";
import { callerOf } from "../admin/route-access.ts";
import { addExportRoutes } from "./export-routes.ts";
import { importDevices } from "./import-devices.ts";
import { ImportKeys } from "./import-key.ts";
import { readImport } from "./read-import.ts";
import { ImportQuery, PublicJwk, TextImportAnswer } from "./schemas.ts";

/** For a batch of an import; `warren import` sends some 500 kB at once. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

export interface ImportRoutesOptions {
  readonly administration: Administration;
  readonly store: SecretStore & Pick<DeviceStore, "listUsedDevNonces">;
}

/** `POST /imports`, `GET /import-key`, `GET` and `POST /exports`. */
export function addImportRoutes(scope: HttpApp, options: ImportRoutesOptions): void {
  const keys = new ImportKeys(options.store);
  scope.get(
    "/import-key",
    {
      schema: {
        summary: "The public key to seal devices to, so that only this Join Server can read them",
        response: { 200: PublicJwk },
      },
      config: { right: "any-token" },
    },
    async () => (await keys.load()).publicJwk as PublicJwk,
  );
  scope.register((inner: HttpApp, _options, done) => {
    // Devices come as text of many kinds, and the parser of the format says where one is wrong.
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser<string>("*", { parseAs: "string" }, (_request, body, parsed) =>
      parsed(null, body),
    );
    addImportRoute(inner, options.administration, keys);
    done();
  });
  addExportRoutes(scope, options);
}

function addImportRoute(scope: HttpApp, administration: Administration, keys: ImportKeys): void {
  scope.post(
    "/imports",
    {
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        summary: "Adds the devices of a text in one transaction; see docs/import-export.md",
        querystring: ImportQuery,
        response: { 200: TextImportAnswer },
      },
      config: { right: "device:write" },
    },
    async (request) => {
      const { format, dryRun, skipErrors, only, ...defaults } = request.query;
      const text = (request.body as string | undefined) ?? "";
      const options = parseOptionsOf(defaults);
      const read = await readImport(text, format, { keys, options });
      const answer = await importDevices(administration, read.records, {
        actor: callerOf(request).actor,
        source: `import:${read.format}`,
        isDryRun: dryRun === "true",
        skipsErrors: skipErrors === "true",
        saysOnlyProblems: only === "problems",
      });
      return { format: read.format, ...answer };
    },
  );
}

/** @throws WarrenError `text-malformed` */
function parseOptionsOf(defaults: {
  readonly joinEui?: string;
  readonly homeNetId?: string;
  readonly asId?: string;
  readonly macVersion?: string;
}): ParseOptions {
  const { joinEui, homeNetId, asId, macVersion } = defaults;
  return {
    defaults: {
      joinEui: joinEui === undefined ? undefined : parseEui64(joinEui),
      homeNetId: homeNetId === undefined ? undefined : parseNetId(homeNetId),
      asId,
      macVersion: macVersion === undefined ? undefined : parseVersionName(macVersion),
    },
    keks: new Map(),
  };
}
