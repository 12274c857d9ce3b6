import type { DeviceConditions } from "../../../campaigns/conditions-text.ts";
import type { WindowForm } from "./time-windows.ts";

/** What the fields hold. An empty number is left to the Join Server, whose default the field names. */
export interface CampaignForm {
  readonly name: string;
  readonly description: string;
  readonly which: "all" | "search" | "list";
  /** Empty texts are no conditions. */
  readonly query: DeviceConditions;
  /** As pasted. */
  readonly devEuis: string;
  readonly generationAtMost: number | undefined;
  readonly suite: string;
  readonly kind: "policy" | "healing" | "plain";
  readonly startsPerMinute: number | undefined;
  readonly startsPerMinutePerGateway: number | undefined;
  readonly maxUnderWay: number | undefined;
  readonly canaryPercent: number | undefined;
  readonly maxFailurePercent: number | undefined;
  readonly minSettledForPause: number | undefined;
  readonly windows: readonly WindowForm[];
  readonly maxAttempts: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly attemptTimeoutMs: number | undefined;
  readonly startsPaused: boolean;
}

/** Every section of the form takes it so. */
export interface SectionProps {
  readonly form: CampaignForm;
  /** By the name of the field. */
  readonly problems: Problems;
  readonly onChange: (change: Partial<CampaignForm>) => void;
}

export type Problems = Readonly<Record<string, string>>;

const HOUR_MS = 3_600_000;

/** Times have to show something; the other defaults are the Join Server's (docs/campaigns.md). */
export const EMPTY_FORM: CampaignForm = {
  name: "",
  description: "",
  which: "all",
  query: {},
  devEuis: "",
  generationAtMost: undefined,
  suite: "",
  kind: "policy",
  startsPerMinute: undefined,
  startsPerMinutePerGateway: undefined,
  maxUnderWay: undefined,
  canaryPercent: undefined,
  maxFailurePercent: undefined,
  minSettledForPause: undefined,
  windows: [],
  maxAttempts: undefined,
  retryAfterMs: HOUR_MS,
  attemptTimeoutMs: 24 * HOUR_MS,
  startsPaused: false,
};
