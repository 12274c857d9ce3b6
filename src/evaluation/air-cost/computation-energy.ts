/** What a calculation takes on a microcontroller: quoted cycles and assumed currents, nothing measured here. */
export interface ComputationEnergy {
  readonly name: string;
  readonly core: Core;
  /** Whether it derives keys; X25519 makes only the secret that goes into it. */
  readonly isKeyDerivation: boolean;
  readonly cycles: number;
  readonly energyUj: number;
}

type Core = "Cortex-M4" | "Cortex-M0+";

export const VOLTAGE_V = 3.3;
export const CURRENT_UA_PER_MHZ = 100;
export const CYCLES_PER_INSTRUCTION = 1.25;

/**
 * Thumb instructions of one derivation of 32 octets from 80 (gcc 12 -O2, freestanding C, counted under
 * qemu-arm); an AES engine, which many of these chips have, changes that of AES-CMAC.
 */
const INSTRUCTIONS: readonly (readonly [name: string, cortexM4: number, cortexM0: number])[] = [
  ["Rabbit KDF", 7_798, 16_934],
  ["HKDF-SHA1", 36_174, 53_789],
  ["HKDF-SHA256", 32_126, 57_330],
  ["AES-CMAC KDF", 49_510, 83_092],
];

/**
 * Cycles of one X25519: on Cortex-M4 the benchmarks of doubleodd.group, on Cortex-M0 Düll and others, Designs,
 * Codes and Cryptography 77 (2015). A device makes a key pair and a shared secret.
 */
const X25519_CYCLES: Readonly<Record<Core, number>> = {
  "Cortex-M4": 563_310,
  "Cortex-M0+": 3_589_850,
};
const X25519_CALLS = 2;

/** The derivations on each core, and the X25519 of a healing update. */
export function computationEnergies(): ComputationEnergy[] {
  const derivations = INSTRUCTIONS.flatMap(([name, cortexM4, cortexM0]) => [
    computation(name, "Cortex-M4", cortexM4 * CYCLES_PER_INSTRUCTION),
    computation(name, "Cortex-M0+", cortexM0 * CYCLES_PER_INSTRUCTION),
  ]);
  const exchanges = (["Cortex-M4", "Cortex-M0+"] as const).map((core) => ({
    ...computation("X25519, two", core, X25519_CALLS * X25519_CYCLES[core]),
    isKeyDerivation: false,
  }));
  return [...derivations, ...exchanges];
}

function computation(name: string, core: Core, cycles: number): ComputationEnergy {
  // µA per MHz are pC per cycle.
  const energyUj = (cycles * CURRENT_UA_PER_MHZ * VOLTAGE_V) / 1e6;
  return { name, core, isKeyDerivation: true, cycles, energyUj };
}
