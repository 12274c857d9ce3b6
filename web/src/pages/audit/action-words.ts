/** What each action of the audit log is, in words; one that is new here shows as its own name. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  "device.create": "Device created",
  "device.create-left-out": "Devices of a batch that were there already",
  "device.change": "Device changed",
  "device.delete": "Device deleted",
  "device.replace-root-keys": "Root keys given anew",
  "device.reset-nonces": "Nonces reset",
  "device.security-event": "Security event reported",
  "key.export": "Root keys exported, wrapped",
  "app-s-key.read": "AppSKey given to an Application Server",
  "report.weak-keys": "Report of weak keys",
  "update.start": "Root key update started",
  "update.abort": "Root key update aborted",
  "update-policy.put": "Update policy of all devices changed",
  "device-profile.put": "Device profile saved",
  "device-profile.delete": "Device profile deleted",
  "campaign.create": "Campaign made",
  "campaign.pause": "Campaign paused",
  "campaign.resume": "Campaign resumed",
  "campaign.abort": "Campaign aborted",
  "campaign.delete": "Campaign deleted",
  "network-server.put": "Network Server saved",
  "network-server.delete": "Network Server deleted",
  "application-server.put": "Application Server saved",
  "application-server.delete": "Application Server deleted",
  "join-eui-range.put": "JoinEUI range added",
  "join-eui-range.delete": "JoinEUI range deleted",
  "token.create": "API token made",
  "token.revoke": "API token revoked",
  "vault.create": "Vault set up",
  "vault.rotate": "Data key rotated",
  "vault.require-key": "Older data keys seal nothing any more",
  "vault.destroy-key": "Data key destroyed",
  "backup.create": "Backup written",
};

/** To choose from: every action, and before them those that begin alike, such as `device.`. */
export const ACTION_CHOICES: readonly string[] = Object.keys(ACTION_WORDS)
  .flatMap((action) => [`${action.slice(0, action.indexOf(".") + 1)}`, action])
  .filter((choice, index, all) => all.indexOf(choice) === index)
  .sort();
