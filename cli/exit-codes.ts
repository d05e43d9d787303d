/** How `relay` ends: what a script can tell apart. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  /** Something here is missing or set wrongly; nothing was tried. */
  configuration: 3,
  credentials: 4,
  refusedByConnectly: 5,
  partlyDone: 6,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
