import type { Cell, Column, Table } from "../report/section.ts";
import { CURRENT_UA_PER_MHZ, CYCLES_PER_INSTRUCTION, VOLTAGE_V } from "./computation-energy.ts";
import { AIR_FLOWS, airFlow } from "./flows.ts";
import type { AirConditions, AirCost, AirCostResult } from "./measure.ts";
import { currentsOf, RADIOS, REFERENCE_RADIO, REFERENCE_RADIO_ID } from "./radios.ts";
import { counterpart, isReference, placeOf } from "./selection.ts";

/** The columns that every row of the long tables begins with. */
export const CONDITION_COLUMNS: readonly Column[] = [
  { name: "Flow" },
  { name: "Region" },
  { name: "Data rate" },
  { name: "Modulation" },
  { name: "Version" },
  { name: "Carrier" },
  { name: "Loss", digits: 1 },
  { name: "Radio" },
];

/** As parameters of figures have them. */
const CARRIER_LABELS: Readonly<Record<NonNullable<AirConditions["carrier"]>, string>> = {
  "mac-commands": "MAC commands",
  "application-port": "application port",
};

export function conditionCells(row: AirConditions): Cell[] {
  return [
    airFlow(row.flow).label,
    row.region,
    row.dataRate,
    row.modulation,
    row.isLorawan11 ? "1.1" : "1.0.x",
    row.carrier === null ? null : CARRIER_LABELS[row.carrier],
    row.loss,
    row.radio,
  ];
}

export function messagesTable(): Table {
  const updates = AIR_FLOWS.filter(({ isUpdate }) => isUpdate);
  return {
    id: "air-cost-messages",
    caption: "Messages of the flows, without the frame around them and the join behind them",
    columns: [
      { name: "Flow" },
      { name: "Message" },
      { name: "Direction" },
      { name: "Size", unit: "octets" },
    ],
    rows: updates.flatMap(({ label, messages }) =>
      messages.map(({ content, direction, lengthBytes }) => [
        label,
        content,
        direction,
        lengthBytes,
      ]),
    ),
    notes: [
      "The paper gives no sizes: those of its flow are assumed, as such messages are with an update identifier of 2 " +
        "octets and a nonce and a MIC of 4. An octet more or less is possible in each.",
      "Around a message are 12 octets in FOpts, 13 with FPort. A Join-request has 23 octets, a Join-accept " +
        "with CFList 33, a Rejoin-request 19 (type 0 and 2) or 24 (type 1).",
    ],
  };
}

/** Energy at every data rate, as the page shows it. */
export function energyTable({ costs }: AirCostResult): Table {
  const plain = costs.filter((row) => isReference(row) && row.flow === "plain");
  const energy = (row: AirCost, flow: AirCost["flow"]) =>
    counterpart(costs, row, flow)?.energyMj ?? null;
  return {
    id: "air-cost-energy",
    caption: `One update at each data rate: LoRaWAN 1.1, MAC commands, no losses, ${currentsOf(REFERENCE_RADIO)}`,
    columns: [
      { name: "Data rate" },
      ...AIR_FLOWS.map(({ label }) => ({
        name: label.charAt(0).toUpperCase() + label.slice(1),
        unit: "mJ",
        digits: 3,
      })),
      { name: "Sending time of a plain update", unit: "ms", digits: 4 },
    ],
    rows: plain.map((row) => [
      placeOf(row),
      ...AIR_FLOWS.map(({ id }) => energy(row, id)),
      row.uplinkAirtimeMs,
    ]),
    notes: ["Every update ends with a join, whose energy is in it."],
  };
}

/** How radio, version, carrier and losses change it. */
export function circumstancesTable({ costs }: AirCostResult): Table {
  const rows = costs.filter(
    (row) =>
      row.flow === "plain" &&
      row.region === "EU868" &&
      ["SF7BW125", "SF12BW125"].includes(row.modulation) &&
      isNearReference(row),
  );
  return {
    id: "air-cost-circumstances",
    caption:
      "A plain update with other radios, losses, versions and carriers (EU868); all of them together are in the data",
    columns: [
      ...CONDITION_COLUMNS.slice(3),
      { name: "Uplinks", digits: 3 },
      { name: "Sending", unit: "ms", digits: 4 },
      { name: "Energy", unit: "mJ", digits: 3 },
    ],
    rows: rows.map((row) => [
      ...conditionCells(row).slice(3),
      row.uplinks,
      row.uplinkAirtimeMs,
      row.energyMj,
    ]),
    notes: RADIOS.map(
      ({ id, voltageV, transmitMa, receiveMa, source }) =>
        `${id}: ${currentsOf({ voltageV, transmitMa, receiveMa })}. ${source}.`,
    ),
  };
}

/** Either version and carrier are the reference's, or losses and radio are: not all of them at once. */
function isNearReference(row: AirConditions): boolean {
  const hasReferenceLink = isReference({ ...row, loss: 0, radio: REFERENCE_RADIO_ID });
  const hasReferenceRadio = isReference({ ...row, isLorawan11: true, carrier: "mac-commands" });
  return hasReferenceLink || hasReferenceRadio;
}

export function allCostsTable({ costs }: AirCostResult): Table {
  return {
    id: "air-cost-all",
    caption: "One update, join or rejoin in every circumstance",
    columns: [
      ...CONDITION_COLUMNS,
      { name: "Uplinks" },
      { name: "Downlinks" },
      { name: "Sending", unit: "ms" },
      { name: "Downlinks on the air", unit: "ms" },
      { name: "Energy", unit: "mJ" },
    ],
    rows: costs.map((row) => [
      ...conditionCells(row),
      row.uplinks,
      row.downlinks,
      row.uplinkAirtimeMs,
      row.downlinkAirtimeMs,
      row.energyMj,
    ]),
    isDataOnly: true,
  };
}

/** What computation takes beside the radio. */
export function computationTable({ costs, computations }: AirCostResult): Table {
  const radioAt = (modulation: string) =>
    costs.find(
      (row) =>
        isReference(row) &&
        row.flow === "plain" &&
        row.region === "EU868" &&
        row.modulation === modulation,
    )?.energyMj ?? Number.NaN;
  return {
    id: "air-cost-computation",
    caption: "Energy of computation, and its share of a plain update's radio energy (EU868)",
    columns: [
      { name: "Computation" },
      { name: "Core" },
      { name: "Cycles" },
      { name: "Energy", unit: "µJ", digits: 3 },
      { name: "at SF7", unit: "%", digits: 2 },
      { name: "at SF12", unit: "%", digits: 2 },
    ],
    rows: computations.map(({ name, core, cycles, energyUj }) => [
      name,
      core,
      cycles,
      energyUj,
      energyUj / 10 / radioAt("SF7BW125"),
      energyUj / 10 / radioAt("SF12BW125"),
    ]),
    notes: [
      "Nothing here is measured in this run. Key derivations, 80 to 32 octets: Thumb instructions of gcc 12 -O2 " +
        `code counted under qemu-arm, ${CYCLES_PER_INSTRUCTION} cycles each assumed. X25519: cycles quoted from ` +
        "doubleodd.group (Cortex-M4) and Düll and others 2015 (Cortex-M0), a key pair and a shared secret. " +
        `${CURRENT_UA_PER_MHZ} µA/MHz at ${VOLTAGE_V} V assumed for both cores.`,
    ],
  };
}
