/** What each sealed value of the database is bound to, so that one copied over another does not open. */
export const rootKeysContext = (devEui: string): string => `device/root-keys/${devEui}`;
export const sessionsContext = (devEui: string): string => `device/sessions/${devEui}`;
export const networkServerContext = (netId: string): string => `network-server/secrets/${netId}`;
export const applicationServerContext = (asId: string): string =>
  `application-server/secrets/${asId}`;
export const secretContext = (name: string): string => `secret/${name}`;
