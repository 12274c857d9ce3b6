/** Of the page, and as it is cited. */
export const TITLE = "Root key updates for LoRaWAN: an evaluation";
