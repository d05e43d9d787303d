import { requireLoopback } from '../loopback.ts';
import type { FunctionDescription } from '../template/stack-description.ts';

/** A scheme and everything up to what ends an address in a list, a JSON text or a sentence. */
const addressPattern = /[a-z][a-z0-9+.-]*:\/\/[^\s,;|"'<>{}]*/gi;

/**
 * A function's variables as the template sets them, with AWS and Connectly put on this machine. Throws when one of them
 * names an address elsewhere: nothing that runs here may reach a real queue or a customer.
 */
export function localVariables(
  { name, environment }: FunctionDescription,
  { awsUrl, connectlyUrl }: { awsUrl: string; connectlyUrl: string },
): Record<string, string> {
  const local: Record<string, string> = {
    ...environment,
    AWS_ENDPOINT_URL: awsUrl,
    // Lambda runs Node 24; that the SDK will leave this machine's Node 20 behind is no news for a function.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  if (local['CONNECTLY_BASE_URL'] !== undefined) local['CONNECTLY_BASE_URL'] = connectlyUrl;
  for (const [variable, value] of Object.entries(local)) {
    for (const [address] of value.matchAll(addressPattern))
      requireLoopback(address, `The variable ${variable} of ${name}`);
  }
  return local;
}
