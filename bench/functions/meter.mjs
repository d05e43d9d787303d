// Loaded into each function's process before anything else: on SIGUSR2 it writes down what the process has used so far.
// File 3 is a pipe to the bench. Neither takes a module that would be there for the functions afterwards.
import { writeSync } from 'node:fs';

process.on('SIGUSR2', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  writeSync(3, `${JSON.stringify({ cpuMs: (user + system) / 1000, peakMemoryMb: maxRSS / 1024 })}\n`);
});
