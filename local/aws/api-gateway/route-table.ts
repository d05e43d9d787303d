/** A route that a request matched, with what its path's variables stand for, decoded. */
export interface RouteMatch<Route> {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

interface ParsedRoute<Route> {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly Segment[];
}

const routeKeyPattern = /^([A-Z]+) (\/\S*)$/;
const variablePattern = /^\{([\w.-]+)(\+?)\}$/;
/** The more of a path a segment leaves open, the later it is tried. */
const rank = { literal: 0, variable: 1, greedy: 2 } as const;

/**
 * Finds the route for a method and a raw path as API Gateway does: the most specific path wins, a named method wins
 * over `ANY`, and `$default` takes what nothing else matches. Throws on a route key that API Gateway would refuse.
 */
export function createRouteTable<Route extends { readonly routeKey: string }>(
  routes: readonly Route[],
): (method: string, rawPath: string) => RouteMatch<Route> | undefined {
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  const parsed = routes
    .filter((route) => route !== fallback)
    .map((route) => parse(route))
    .toSorted(bySpecificity);

  return (method, rawPath) => {
    for (const candidate of parsed) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchPath(candidate.segments, splitPath(rawPath));
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
  };
}

function parse<Route extends { readonly routeKey: string }>(route: Route): ParsedRoute<Route> {
  const [, method, path] = routeKeyPattern.exec(route.routeKey) ?? [];
  if (method === undefined || path === undefined) {
    throw new Error(
      `"${route.routeKey}" is no route key: it should read "POST /path", "ANY /path" or "$default"`,
    );
  }
  const segments = splitPath(path).map((text): Segment => {
    const [, name, plus] = variablePattern.exec(text) ?? [];
    if (name === undefined) return { kind: 'literal', text };
    return { kind: plus === '+' ? 'greedy' : 'variable', name };
  });
  if (segments.slice(0, -1).some(({ kind }) => kind === 'greedy')) {
    throw new Error(`"${route.routeKey}" has a greedy variable before the end of its path`);
  }
  return { route, method, segments };
}

function splitPath(path: string): string[] {
  return path.slice(1).split('/');
}

function bySpecificity(a: ParsedRoute<unknown>, b: ParsedRoute<unknown>): number {
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index];
    if (other === undefined) break;
    if (rank[segment.kind] !== rank[other.kind]) return rank[segment.kind] - rank[other.kind];
  }
  return b.segments.length - a.segments.length || Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function matchPath(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.kind === 'greedy') {
      parameters[segment.name] = decode(parts.slice(index).join('/'));
      return parameters;
    }
    if (segment.kind === 'literal' ? segment.text !== part : part === '') return undefined;
    if (segment.kind === 'variable') parameters[segment.name] = decode(part);
  }
  return parts.length === segments.length ? parameters : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
