import { parseEui64 } from "../../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { DevEuiParams } from "../schemas/common.ts";
import {
  StuckPageView,
  StuckQuery,
  TimelineQuery,
  TimelineView,
} from "../schemas/update-report-schemas.ts";
import { describeStuckDevice, describeTimeline } from "../views/describe-attempt.ts";

const TAGS = ["root key updates"];
const DEFAULT_ATTEMPTS = 20;
const DEFAULT_WAITING_SECONDS = 21_600;

export function addUpdateReportRoutes(scope: HttpApp, { updateReports }: AdminServices): void {
  scope.get(
    "/devices/:devEui/root-key-updates",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "The generations of a device and its attempts to update, newest first",
        description: "Some hundreds of attempts are kept. Without a limit there are 20.",
        params: DevEuiParams,
        querystring: TimelineQuery,
        response: { 200: TimelineView },
      },
    },
    async (request) => {
      const { limit = DEFAULT_ATTEMPTS, before } = request.query;
      const devEui = parseEui64(request.params.devEui);
      return describeTimeline(await updateReports.timeline(devEui, { limit, before }));
    },
  );
  scope.get(
    "/reports/stuck-devices",
    {
      config: { right: "report:read" },
      schema: {
        tags: ["reports"],
        summary: "Devices whose root key updates need a hand, in the order of their DevEUI",
        description: "A page may have fewer devices than asked for, or none, and still go on.",
        querystring: StuckQuery,
        response: { 200: StuckPageView },
      },
    },
    async (request) => {
      const { limit = 100, after, waitingSeconds = DEFAULT_WAITING_SECONDS } = request.query;
      const page = await updateReports.stuckDevices({
        waitingMs: waitingSeconds * 1000,
        limit,
        after: after === undefined ? undefined : parseEui64(after),
      });
      return { devices: page.devices.map(describeStuckDevice), next: page.next ?? null };
    },
  );
}
