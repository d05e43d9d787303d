import { createOtherMoves } from './other-moves.ts';
import { layOut } from './places.ts';
import type { Protocol } from './protocol.ts';
import type { Scene, Visit } from './scene.ts';
import { createWorkerMoves } from './worker-moves.ts';
import type { World } from './world.ts';

/** All that can happen next in a world, one step at a time. */
export function createMoves(protocol: Protocol, scene: Scene): (world: World, visit: Visit) => void {
  const setting = { protocol, scene, places: layOut(protocol.routines) };
  const workerMoves = createWorkerMoves(setting);
  const otherMoves = createOtherMoves(setting);
  return (world, visit) => {
    workerMoves(world, 0, visit);
    workerMoves(world, 1, visit);
    otherMoves(world, visit);
  };
}
