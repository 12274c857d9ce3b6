import Type, { type Static, type TSchema } from "typebox";
import { EVENT_KINDS } from "../../join-server/ports/events.ts";

/** What the schema of a member says besides its type; see `config-members.ts`. */
export interface MemberNotes {
  readonly description: string;
  readonly default?: unknown;
  /** The default in words, where it depends on other members. */
  readonly defaultText?: string;
  /** A path: a relative one in the file is relative to the folder of the file. */
  readonly isPath?: boolean;
  /** Never shown. */
  readonly isSecret?: boolean;
  /** What a value must be, where the type does not say it. */
  readonly expected?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const path = (description: string, notes: Partial<MemberNotes> = {}) =>
  Type.String({ minLength: 1, description, isPath: true, ...notes });
const optionalPath = (description: string, notes: Partial<MemberNotes> = {}) =>
  Type.Optional(path(description, notes));
const optionalText = (description: string, notes: Partial<MemberNotes> = {}) =>
  Type.Optional(Type.String({ minLength: 1, description, ...notes }));
const flag = (description: string, isOn: boolean) => Type.Boolean({ description, default: isOn });
const whole = (description: string, [minimum, maximum]: [number, number], value: number) =>
  Type.Integer({ minimum, maximum, description, default: value });
const optionalWhole = (
  description: string,
  [minimum, maximum]: [number, number],
  notes: Partial<MemberNotes>,
) => Type.Optional(Type.Integer({ minimum, maximum, description, ...notes }));
const decimal = (description: string, [minimum, maximum]: [number, number], value: number) =>
  Type.Number({ minimum, maximum, description, default: value });
function choice<const T extends string>(description: string, values: readonly T[], value: T) {
  return Type.Enum([...values], { description, default: value });
}
const table = <T extends Type.TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

const SECONDS: [number, number] = [0, 10 ** 12];

const certificate = (whose: string) =>
  Type.Optional(
    table({
      cert: optionalPath(`certificate chain of ${whose}, PEM`),
      key: optionalPath("its private key, PEM"),
    }),
  );

const listener = (what: string, port: number) =>
  table({
    host: Type.String({ minLength: 1, description: "address to listen on", default: "127.0.0.1" }),
    port: whole(`port of ${what}; 0 takes a free one`, [0, 65_535], port),
    allow_plain_http: flag("listen without TLS on an address that is not loopback", false),
    tls: certificate("this listener"),
  });

const rateLimit = (whose: string, perSecond: number, burst: number) =>
  table({
    per_second: decimal(`requests a second ${whose}; 0 sets no limit`, [0, 10 ** 6], perSecond),
    burst: whole(`requests at once ${whose}`, [1, 10 ** 6], burst),
  });

/** Where an event is posted to. */
const Webhook = table({
  url: Type.String({
    pattern: "^https?://[^/?#@]+([/?#]|$)",
    description: "where events go to",
    expected: "an http or https URL without user and password",
  }),
  secret_file: path("file with the secret that signs them, at least 16 characters"),
  events: Type.Array(Type.Enum([...EVENT_KINDS]), {
    description: "kinds of events wanted; none named: all",
    default: [],
  }),
  ca_file: optionalPath("CA of the receiver's certificate, PEM", {
    defaultText: "those the system trusts",
  }),
  timeout_seconds: decimal("how long the receiver may take to answer", [0.1, 300], 10),
  queue: whole("events that may wait; more are dropped and counted", [1, 10 ** 6], 10_000),
});

/** The configuration of a Join Server as it stands in its TOML file. */
export const ConfigSchema = table({
  data_folder: path("folder of the database, the vault's key file and the admin token", {
    default: "data/join-server",
  }),
  log_level: choice("what to log", ["debug", "info", "warn", "error", "silent"], "info"),
  backend: listener("the Backend Interfaces", 7070),
  admin: listener("the administration API", 7071),
  console: table({
    evaluation_report_folder: optionalPath(
      "folder of the evaluation report that the console shows",
      {
        defaultText: "evaluation-report in the folder of Warren",
      },
    ),
  }),
  client_tls: certificate("this server as a client of its peers"),
  storage: table({
    kind: choice("which database", ["sqlite", "postgresql"], "sqlite"),
    path: optionalPath("file of the SQLite database", {
      defaultText: "<data_folder>/join-server.db",
    }),
    url: optionalText("URL of the PostgreSQL database", { isSecret: true }),
    url_file: optionalPath("file with that URL, so that its password stands nowhere else"),
    max_connections: whole("connections to PostgreSQL at a time", [1, 1_000], 10),
    cached_devices: whole("devices kept in memory; 0 keeps none", [0, 10 ** 7], 10_000),
  }),
  vault: table({
    kind: choice("where the master key is", ["file", "pkcs11"], "file"),
    path: optionalPath("key file, made on first start", {
      defaultText: "<data_folder>/master-keys",
    }),
    module: optionalPath("PKCS#11 library of the token"),
    token_label: optionalText("label of the PKCS#11 token"),
    pin_file: optionalPath("file with the PIN of the PKCS#11 token"),
    pin: optionalText("that PIN itself, for the environment", { isSecret: true }),
    key_label: optionalText("label of the master key in the token", {
      defaultText: "warren-master-key",
    }),
  }),
  joins: table({
    threads: optionalWhole(
      "threads that decide joins beside the main one, once many come at a time; 0 starts none",
      [0, 64],
      { defaultText: "1 on SQLite with two cores or more, otherwise 0" },
    ),
  }),
  updates: table({
    expiry_seconds: whole(
      "a root key update that is not committed by then has failed",
      SECONDS,
      86_400,
    ),
    attempt_period_seconds: whole(
      "least time between two attempts that a Network Server may cause",
      SECONDS,
      2_048,
    ),
    allow_rabbit_split: flag("offer suite 0, which is for research only", false),
    shortest_period_seconds: whole(
      "least minimum period that an update policy may have",
      SECONDS,
      2_048,
    ),
    policy_sweep_seconds: whole(
      "time between two looks for devices whose policy wants an update",
      [1, 86_400],
      300,
    ),
    policy_starts_per_minute: whole(
      "updates that policies start in a minute; 0 starts none",
      [0, 1_000_000],
      60,
    ),
  }),
  limits: table({
    body_bytes: whole("largest request of a peer", [32_768, 2 ** 20], 65_536),
    peer: rateLimit("of a peer whose record has no limit of its own", 0, 1_000),
    device: rateLimit("for one device", 1, 60),
    backend: table({
      queue_ms: whole(
        "milliseconds that a request of a peer may wait for its turn; 0 sets no limit",
        [0, 60_000],
        1_000,
      ),
      queue_length: whole("requests of peers that may wait", [1, 10 ** 6], 5_000),
    }),
  }),
  metrics: table({
    enabled: flag("serve GET /metrics on the administration port", true),
    requires_token: flag("ask for a token that may read reports", true),
  }),
  webhook: Type.Array(Webhook, { description: "one table for each receiver", default: [] }),
});

/** The tables and values of a configuration file with defaults filled in. */
export type ConfigTables = Static<typeof ConfigSchema>;
export type WebhookTable = Static<typeof Webhook>;

/** Every schema here, with its notes. */
export type MemberSchema = TSchema & MemberNotes;
