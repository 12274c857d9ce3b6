import { WarrenError } from "../../../../errors.ts";
import type {
  DeviceDraft,
  DraftOutcome,
} from "../../../../join-server/administration/device-draft.ts";
import { parseEui64 } from "../../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { readDraft } from "../read/device-body.ts";
import { callerOf } from "../route-access.ts";
import { BatchCreatedView, BatchDeletedView } from "../schemas/device-answers.ts";
import {
  DeleteBatchBody,
  DeviceBatchBody,
  type DeviceBatchItem,
} from "../schemas/device-schemas.ts";
import { describeFindings } from "../views/describe-device.ts";

/** 1,000 devices with all the DevNonces another server may know of each. */
const BATCH_BODY_LIMIT_BYTES = 8 * 1024 * 1024;
const TAGS = ["devices"];

type Refusal = Extract<DraftOutcome, { outcome: "refused" }>;

export function addDeviceBatchRoutes(scope: HttpApp, { administration }: AdminServices): void {
  scope.post(
    "/devices/batch",
    {
      bodyLimit: BATCH_BODY_LIMIT_BYTES,
      config: { right: "device:write" },
      schema: {
        tags: TAGS,
        summary: "Create up to 1,000 devices in one transaction",
        description:
          "Those that cannot be created are refused with their reason, the others are created. Devices on " +
          "record are never changed, so the same batch again finds them `known`.",
        body: DeviceBatchBody,
        response: { 200: BatchCreatedView },
      },
    },
    async (request) => {
      const { devices, isDryRun = false } = request.body;
      const read = devices.map(readOrRefuse);
      const drafts = read.filter((item): item is DeviceDraft => "settings" in item);
      const made = await administration.createDevices(drafts, callerOf(request).actor, {
        isDryRun,
        source: "batch",
      });
      const outcomes = read.map(
        (item) => ("settings" in item ? made.shift() : item) as DraftOutcome,
      );
      return { isDryRun, counts: countOutcomes(outcomes), outcomes: outcomes.map(describeOutcome) };
    },
  );
  scope.post(
    "/devices/batch-delete",
    {
      config: { right: "device:write" },
      schema: {
        tags: TAGS,
        summary: "Erase up to 1,000 devices with their keys, each in its own transaction",
        body: DeleteBatchBody,
        response: { 200: BatchDeletedView },
      },
    },
    async (request) => {
      const devEuis = request.body.devEuis.map(parseEui64);
      const deleted = await administration.deleteDevices(devEuis, callerOf(request).actor);
      const outcomes = devEuis.map((devEui, index) => ({
        devEui,
        outcome: deleted[index] ? ("deleted" as const) : ("unknown" as const),
      }));
      const count = deleted.filter(Boolean).length;
      return { counts: { deleted: count, unknown: outcomes.length - count }, outcomes };
    },
  );
}

/** What the schema cannot check, such as the name of a suite, refuses one device and no other. */
function readOrRefuse(item: DeviceBatchItem): DeviceDraft | Refusal {
  try {
    return readDraft(item);
  } catch (error) {
    if (!(error instanceof WarrenError)) throw error;
    const { code, message } = error;
    return { devEui: parseEui64(item.devEui), outcome: "refused", code, message };
  }
}

function countOutcomes(outcomes: readonly DraftOutcome[]) {
  const counts = { created: 0, known: 0, refused: 0 };
  for (const { outcome } of outcomes) counts[outcome]++;
  return counts;
}

function describeOutcome(made: DraftOutcome) {
  if (made.outcome === "refused") return made;
  const { devEui, outcome } = made;
  const warnings = describeFindings(made);
  return warnings.length === 0 ? { devEui, outcome } : { devEui, outcome, warnings };
}
