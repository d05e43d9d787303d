import { connect, createServer, type Socket } from 'node:net';
import { listen } from '../support/listen.ts';

/** What a connection can come to while the process at this end of it stands still. */
export type Damage = 'closed' | 'half-closed' | 'reset' | 'dead';

function harm(near: Socket, far: Socket, damage: Damage): void {
  near.unpipe(far);
  far.unpipe(near);
  far.removeAllListeners('close').destroy();
  // What comes is read, and goes nowhere.
  near.resume();
  if (damage === 'closed') near.destroySoon();
  if (damage === 'half-closed') near.end();
  if (damage === 'reset') near.resetAndDestroy();
}

/** A wire to a port of this machine, whose connections can be harmed. Nobody at its ends has a hand in it. */
export async function startLine(port: number) {
  const open = new Map<Socket, Socket>();

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect(port, '127.0.0.1');
    open.set(near, far);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => {});
    far.on('close', () => near.destroySoon());
    near.on('close', () => {
      open.delete(near);
      far.destroy();
    });
  });

  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    /** Does that to every connection there is; later ones are whole. Resolves to how many they were. */
    async damage(kind: Damage): Promise<number> {
      const harmed = [...open];
      for (const [near, far] of harmed) harm(near, far, kind);
      // The kernel has it by then.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return harmed.length;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const near of open.keys()) near.destroy();
      }),
  };
}
