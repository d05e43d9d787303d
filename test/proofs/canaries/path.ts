import type { World } from './world.ts';

/** One way through the functions. */
export interface Path {
  readonly name: string;
  /** What the functions themselves must say of it: `<event> <result> <code>`. */
  readonly takes: readonly string[];
  readonly run: (world: World) => Promise<void>;
}

export function path(name: string, takes: readonly string[], run: Path['run']): Path {
  return { name, takes, run };
}
