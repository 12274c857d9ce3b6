import { Type } from "typebox";
import { hexOf } from "./hex-schemas.ts";

/** The path of one device. */
export const DevEuiParams = Type.Object({ devEui: hexOf(8) });

/** The query of an event stream: all devices without `devEui`. */
export const DevEuiQuery = Type.Object({ devEui: Type.Optional(hexOf(8)) });

/** The query of a list: at most `limit` devices, from the one after the DevEUI `after` on. */
export const DevicePageQuery = Type.Object({
  after: Type.Optional(hexOf(8)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
});
