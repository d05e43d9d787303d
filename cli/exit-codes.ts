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

/** Each exit code in words, for the help and the reference. */
export const exitCodeMeanings: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: exitCodes.ok, meaning: 'ok' },
  { code: exitCodes.unexpected, meaning: 'unexpected' },
  { code: exitCodes.usage, meaning: 'usage' },
  { code: exitCodes.configuration, meaning: 'configuration or preflight' },
  { code: exitCodes.credentials, meaning: 'credentials' },
  { code: exitCodes.refusedByConnectly, meaning: 'refused by Connectly' },
  { code: exitCodes.partlyDone, meaning: 'partly done' },
  { code: exitCodes.interrupted, meaning: 'interrupted' },
];
