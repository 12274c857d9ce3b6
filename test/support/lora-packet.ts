import commonJsModule from "lora-packet";

/**
 * The independent implementation that frames are compared with. Its declarations promise a `default` export
 * that its CommonJS module does not have: the module is the export.
 */
export const loraPacket = commonJsModule as unknown as typeof commonJsModule.default;
