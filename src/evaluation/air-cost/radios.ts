import { DEFAULT_CURRENTS, type RadioCurrents } from "../../root-key/cost/update-cost.ts";

/** What a radio takes, and who says so. */
export interface Radio extends RadioCurrents {
  readonly id: string;
  readonly label: string;
  readonly source: string;
}

/** The first one is that of all figures. */
export const RADIOS: readonly Radio[] = [
  {
    id: "sx1262",
    label: "SX1262, 14 dBm",
    ...DEFAULT_CURRENTS,
    source:
      "4.6 mA: Semtech's overview of the SX1262; 45 mA: its data sheet as commonly quoted, not checked",
  },
  {
    id: "sx1276",
    label: "SX1276-like, 14 dBm",
    voltageV: 3.3,
    transmitMa: 44,
    receiveMa: 11.2,
    source: "44 mA: energyConsumptionParameters.xml of FLoRa; 11.2 mA: the ns-3 module lorawan",
  },
  {
    id: "sx1261",
    label: "SX1261, 14 dBm",
    voltageV: 3.3,
    transmitMa: 25.5,
    receiveMa: 4.6,
    source: "4.6 mA: Semtech's overview; 25.5 mA: the data sheet as commonly quoted, not checked",
  },
];

export const REFERENCE_RADIO = RADIOS[0] as Radio;

export const REFERENCE_RADIO_ID = REFERENCE_RADIO.id;

/** `45 mA sending, 4.6 mA receiving, 3.3 V`. */
export function currentsOf({ transmitMa, receiveMa, voltageV }: RadioCurrents): string {
  return `${transmitMa} mA sending, ${receiveMa} mA receiving, ${voltageV} V`;
}
