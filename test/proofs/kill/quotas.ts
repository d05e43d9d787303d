import type { Random } from '../harness/random.ts';
import { type Death, deaths, type Point, type Policy, points } from './points.ts';

/** Which deaths are still wanted, so that the kills are spread evenly over the points and the ways to die there. */
export interface Quotas {
  byPoint(): Readonly<Record<string, number>>;
  /** The death that is wanted most, counting those that are planned; undefined when none is. */
  next(isPossible?: (death: Death) => boolean): Death | undefined;
  planned(death: Death): void;
  /** It will not come to that. */
  dropped(death: Death): void;
  isWanted(death: Death): boolean;
  died(death: Death): void;
  /** It was not dead after all. */
  survived(death: Death): void;
}

/** Of a point, and of each way to die there. */
type Counts = Map<Point | Death, number>;

export function createQuotas(kills: number, policy: Policy, random: Random): Quotas {
  const wanted = new Map(points.map((point, index) => [point, share(kills, index)]));
  const died: Counts = new Map();
  const planned: Counts = new Map();

  function isWanted({ point }: Death): boolean {
    return (died.get(point) ?? 0) < (wanted.get(point) ?? 0);
  }

  function expected(key: Point | Death): number {
    return (died.get(key) ?? 0) + (planned.get(key) ?? 0);
  }

  return {
    byPoint: () => Object.fromEntries(points.map((point) => [point, died.get(point) ?? 0])),
    next(isPossible = () => true) {
      const candidates = deaths[policy]
        .filter((death) => isWanted(death) && isPossible(death))
        .map((death) => ({
          death,
          point: expected(death.point),
          own: expected(death),
          order: random.int(1_000),
        }));
      candidates.sort(
        (one, other) => one.point - other.point || one.own - other.own || one.order - other.order,
      );
      return candidates[0]?.death;
    },
    planned: (death) => add(planned, death, 1),
    dropped: (death) => add(planned, death, -1),
    isWanted,
    died(death) {
      add(planned, death, -1);
      add(died, death, 1);
    },
    survived: (death) => add(died, death, -1),
  };
}

function share(kills: number, index: number): number {
  return Math.floor(kills / points.length) + (index < kills % points.length ? 1 : 0);
}

function add(counts: Counts, death: Death, change: number): void {
  for (const key of [death.point, death]) counts.set(key, (counts.get(key) ?? 0) + change);
}
