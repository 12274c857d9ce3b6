/** Dir in the blocks of LoRaWAN 1.1 §4.3.3 and §4.4: from the end-device (0) or to it (1). */
export const Direction = { Up: 0, Down: 1 } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];
