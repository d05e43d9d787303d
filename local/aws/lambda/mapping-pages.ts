import { AwsError } from '../protocols/service.ts';

/** Lambda gives a hundred at a time, whatever more is asked for. */
const largestPage = 100;

/** One page of a list of mappings, as `MaxItems` and `Marker` of the query ask for it. */
export function pageOfMappings<Mapping extends { readonly uuid: string }>(
  mappings: readonly Mapping[],
  { MaxItems: maxItems, Marker: marker }: Readonly<Record<string, unknown>>,
): { readonly page: readonly Mapping[]; readonly nextMarker: string | undefined } {
  const size = maxItems === undefined ? largestPage : Number(maxItems);
  if (!Number.isInteger(size) || size < 1 || size > 10_000)
    throw new AwsError(
      'InvalidParameterValueException',
      `MaxItems is ${String(maxItems)}: it has to be from 1 to 10000.`,
    );
  const start = marker === undefined ? 0 : mappings.findIndex(({ uuid }) => uuid === marker);
  if (start === -1) throw new AwsError('InvalidParameterValueException', 'Invalid marker.');
  const end = start + Math.min(size, largestPage);
  return { page: mappings.slice(start, end), nextMarker: mappings[end]?.uuid };
}
