import type { Goal, Scene } from './scenes.ts';
import type { Report } from './simulate.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly limit: string;
  readonly isMet: boolean;
}

/** Every figure of a run beside what it must be. */
export function figuresOf(scene: Scene, report: Report): readonly Figure[] {
  return scene.goals.map((goal) => {
    const value = goal.measure(report);
    const { atLeast, atMost } = limitsOf(goal, report);
    const limit = atLeast === undefined ? `at most ${round(atMost)}` : `at least ${round(atLeast)}`;
    return { name: goal.name, value, limit, isMet: value >= (atLeast ?? -Infinity) && value <= atMost };
  });
}

/** The figures that a run misses, as one line each. */
export function missesOf(scene: Scene, report: Report): readonly string[] {
  return figuresOf(scene, report)
    .filter(({ isMet }) => !isMet)
    .map(({ name, value, limit }) => `${scene.name}: ${name} is ${round(value)}, must be ${limit}`);
}

function limitsOf({ atLeast, atMost }: Goal, report: Report) {
  return { atLeast, atMost: typeof atMost === 'function' ? atMost(report) : (atMost ?? Infinity) };
}

export function round(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
