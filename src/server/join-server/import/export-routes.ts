import { Readable } from "node:stream";
import { importKek, type Kek } from "../../../crypto/key-wrap.ts";
import { sha256Hex } from "../../../crypto/sha256.ts";
import { formatDevice, headingOf, takesWrappedKeys } from "../../../device-files/format-devices.ts";
import type { DeviceFormat } from "../../../device-files/formats.ts";
import {
  importRecipient,
  type Recipient,
  sealText,
} from "../../../device-files/jwe/sealed-devices.ts";
import type { KeyWriting } from "../../../device-files/key-writing.ts";
import { WarrenError } from "../../../errors.ts";
import type { ExportPage, KeyRecipient } from "../../../join-server/administration/key-export.ts";
import type { Administration } from "../../../join-server/administration.ts";
import type {
  DeviceQuery,
  DeviceStore,
  UsedDevNonce,
} from "../../../join-server/ports/device-store.ts";
import { parseHex } from "../../../lorawan/hex.ts";
import { type Eui64, parseEui64, parseNetId } from "../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../http-app.ts";
import { callerOf } from "../admin/route-access.ts";
import { hasUpdateUnderWay, recordOfDevice } from "./record-of-device.ts";
import { ExportQuery, KeyExportBody } from "./schemas.ts";

/** Devices read, audited and sealed at a time. */
const PAGE = 200;

/** How the devices of one export leave. */
interface ExportForm {
  readonly format: DeviceFormat;
  readonly keys: KeyWriting;
  /** Each page becomes one JWE for it. */
  readonly sealedFor: Recipient | undefined;
}

type Pages = AsyncIterable<ExportPage>;

export interface ExportRoutesOptions {
  readonly administration: Administration;
  readonly store: Pick<DeviceStore, "listUsedDevNonces">;
}

export function addExportRoutes(scope: HttpApp, options: ExportRoutesOptions): void {
  scope.get(
    "/exports",
    {
      schema: {
        summary: "Devices without their keys, as text of a format",
        querystring: ExportQuery,
      },
      config: { right: "device:read" },
    },
    (request, reply) => {
      const { format = "warren" } = request.query;
      const pages = pagesWithoutKeys(options, queryOf(request.query));
      const form: ExportForm = { format, keys: { kind: "none" }, sealedFor: undefined };
      return reply.type(contentTypeOf(form)).send(Readable.from(textOf(pages, form)));
    },
  );
  scope.post(
    "/exports",
    {
      schema: {
        summary: "Devices with their root keys, wrapped under a KEK or sealed to a public key",
        body: KeyExportBody,
      },
      config: { right: "key:export" },
    },
    async (request, reply) => {
      const { format = "warren", kek, jwk } = request.body;
      const sealing = await sealingOf(format, kek, jwk);
      const { actor } = callerOf(request);
      const pages = pagesWithKeys(options.administration, queryOf(request.body), {
        recipient: sealing.recipient,
        actor,
      });
      // The first page is read, and on record, before the answer begins: a failure has its own status.
      const text = textOf(pages, sealing.form);
      const first = await text.next();
      return reply.type(contentTypeOf(sealing.form)).send(Readable.from(from(first, text)));
    },
  );
}

/** @throws WarrenError `request-malformed`, `key-malformed` */
async function sealingOf(
  format: DeviceFormat,
  kek: { readonly label: string; readonly key: string } | undefined,
  jwk: unknown,
): Promise<{ readonly form: ExportForm; readonly recipient: KeyRecipient }> {
  if ((kek === undefined) === (jwk === undefined)) {
    throw new WarrenError(
      "request-malformed",
      "keys leave either wrapped under a KEK (kek) or sealed to a public key (jwk): give one of them",
    );
  }
  if (kek !== undefined) {
    if (!takesWrappedKeys(format)) {
      throw new WarrenError(
        "request-malformed",
        `${format} has no place for a wrapped key; use tts-json, warren, or jwk in place of kek`,
      );
    }
    const key = importKek(parseHex(kek.key));
    return {
      form: { format, keys: { kind: "wrapped", label: kek.label, kek: key }, sealedFor: undefined },
      recipient: { kind: "kek", fingerprint: `${kek.label}/${kekFingerprint(key)}` },
    };
  }
  const recipient = await importRecipient(jwk);
  return {
    form: { format, keys: { kind: "clear" }, sealedFor: recipient },
    recipient: { kind: "jwk", fingerprint: recipient.thumbprint },
  };
}

async function* textOf(pages: Pages, form: ExportForm): AsyncGenerator<string> {
  const heading = headingOf(form.format);
  // A CSV that is not sealed has one heading row; each sealed page is a text of its own.
  if (heading !== "" && form.sealedFor === undefined) yield heading;
  for await (const page of pages) {
    let text = form.sealedFor === undefined ? "" : heading;
    for (const device of page.devices) {
      const record = recordOfDevice(device, page.usedDevNonces.get(device.devEui) ?? []);
      text += formatDevice(form.format, record, form.keys, hasUpdateUnderWay(device));
    }
    yield form.sealedFor === undefined ? text : `${await sealText(text, form.sealedFor)}\n`;
  }
}

async function* pagesWithKeys(
  { keyExport }: Administration,
  query: DeviceQuery,
  { recipient, actor }: { readonly recipient: KeyRecipient; readonly actor: string },
): Pages {
  let after: Eui64 | undefined;
  do {
    const page = await keyExport.exportPage({ query, limit: PAGE, after }, recipient, actor);
    if (page.devices.length > 0) yield page;
    after = page.next;
  } while (after !== undefined);
}

async function* pagesWithoutKeys(
  { administration, store }: ExportRoutesOptions,
  query: DeviceQuery,
): Pages {
  let after: Eui64 | undefined;
  do {
    const page = await administration.findDevices(query, PAGE, after);
    const usedDevNonces = new Map<Eui64, readonly UsedDevNonce[]>();
    for (const { devEui } of page.devices) {
      usedDevNonces.set(devEui, await store.listUsedDevNonces(devEui));
    }
    if (page.devices.length > 0) yield { ...page, usedDevNonces };
    after = page.next;
  } while (after !== undefined);
}

async function* from<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

function contentTypeOf({ format, sealedFor }: ExportForm): string {
  if (sealedFor !== undefined) return "application/jose; charset=utf-8";
  return format.endsWith("csv") ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
}

function queryOf(given: ExportQuery): DeviceQuery {
  const { devEuiPrefix, joinEui, homeNetId, asId, text } = given;
  return {
    ...(devEuiPrefix !== undefined && { devEuiPrefix: devEuiPrefix.toLowerCase() }),
    ...(joinEui !== undefined && { joinEui: parseEui64(joinEui) }),
    ...(homeNetId !== undefined && { homeNetId: parseNetId(homeNetId) }),
    ...(asId !== undefined && { asId }),
    ...(text !== undefined && { text }),
  };
}

/** Tells KEKs apart in the audit log, as `keyFingerprint` does keys. */
function kekFingerprint(kek: Kek): string {
  return sha256Hex(`warren KEK fingerprint ${kek.export().toString("hex")}`).slice(0, 8);
}
