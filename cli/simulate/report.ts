import { inboundBody } from './events.ts';
import { defineSimulate } from './simulate-command.ts';

/** `relay simulate report` */
export const simulateReport = defineSimulate({
  examples: ['simulate report', 'simulate report --set report.last_run.status=failed --base64'],
  define: () => {},
  body: (_options, source) => inboundBody({ kind: 'report' }, source),
});
