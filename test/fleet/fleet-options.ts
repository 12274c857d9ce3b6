import { parseArgs } from "node:util";

/** How large a fleet, how bad its air, and how often its servers die. */
export interface FleetOptions {
  readonly devices: number;
  /** Share of frames lost on the air, each way. */
  readonly loss: number;
  /** How many times faster than real the devices live. */
  readonly speed: number;
  /** Device time between the uplinks of a device. */
  readonly uplinkIntervalMs: number;
  /** Device time between Join-requests that nobody answers, at the most. */
  readonly longestJoinPauseMs: number;
  /** Each device is heard by one of them. */
  readonly gateways: number;
  /** From an uplink to RX1, in device time: the more, the less a busy machine is late. */
  readonly rxDelaySeconds: number;
  /** How many devices are switched on per second. */
  readonly startsPerSecond: number;
  /** Mean time between two kills of a server; 0 kills none. */
  readonly killEveryMs: number;
  /** After so many kills of both servers together there are no more: the last devices of a small fleet need a while. */
  readonly killsMax: number;
  /** Of the campaign. */
  readonly startsPerMinute: number;
  readonly attemptTimeoutMs: number;
  readonly retryAfterMs: number;
  /** The whole campaign must be over in this time. */
  readonly timeoutMs: number;
}

export const FLEET_HELP = `npm run fleet -- [options]

Simulated devices of all LoRaWAN versions, half of them updated through MAC commands and half through
an application port, a fifth with healing updates, on an air that loses frames each way, while the
Join Server and the Network Server are killed at random moments. One campaign updates all of them.
Ends with status 0 when every device has the new generation, or is listed with a reason, and every
device has joined once more afterwards.

  --devices N        how many (default 10000)
  --loss SHARE       of frames, each way (default 0.2)
  --speed FACTOR     of device time (default 5)
  --interval SECONDS device time between uplinks (default 300)
  --join-pause SECONDS  device time between Join-requests without an answer, at the most (default 900)
  --gateways N       each hears its own share of the devices (default 32)
  --switch-on N      devices switched on per second (default 40)
  --kill-every SECONDS  mean time between kills of a server, 0 for none (default 30)
  --rate N           updates started per minute (default 900)
  --minutes N        most time for the campaign (default 75)
  --json FILE        write the report there`;

const DEFAULTS = {
  devices: "10000",
  loss: "0.2",
  speed: "5",
  interval: "300",
  "join-pause": "900",
  gateways: "32",
  "switch-on": "40",
  "kill-every": "30",
  rate: "900",
  minutes: "75",
} as const;

/** @returns undefined when the help was asked for */
export function readFleetOptions(
  args: readonly string[],
): { readonly options: FleetOptions; readonly jsonFile: string | undefined } | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ devices: text, loss: text, speed: text, interval: text },
      ...{ "join-pause": text, gateways: text, "switch-on": text },
      ...{ "kill-every": text, rate: text, minutes: text, json: text },
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  const number = (name: keyof typeof DEFAULTS) => {
    const value = Number(values[name] ?? DEFAULTS[name]);
    if (!(value >= 0)) throw new RangeError(`--${name}: a number, not ${values[name]}`);
    return value;
  };
  const options = fleetOptions({
    rxDelaySeconds: 15,
    devices: number("devices"),
    loss: number("loss"),
    speed: number("speed"),
    uplinkIntervalMs: number("interval") * 1000,
    longestJoinPauseMs: number("join-pause") * 1000,
    gateways: number("gateways"),
    startsPerSecond: number("switch-on"),
    killEveryMs: number("kill-every") * 1000,
    killsMax: Number.POSITIVE_INFINITY,
    startsPerMinute: number("rate"),
    timeoutMs: number("minutes") * 60_000,
  });
  return { options, jsonFile: values.json };
}

/** With the times of the campaign that fit how often the devices speak. */
export function fleetOptions(
  given: Omit<FleetOptions, "attemptTimeoutMs" | "retryAfterMs">,
): FleetOptions {
  const realIntervalMs = given.uplinkIntervalMs / given.speed;
  return {
    ...given,
    // A request has up to 16 uplinks of the device to get down, and the answer eight.
    attemptTimeoutMs: Math.ceil(Math.max(16 * realIntervalMs, 10_000)),
    retryAfterMs: Math.ceil(Math.max(realIntervalMs, 1_000)),
  };
}
