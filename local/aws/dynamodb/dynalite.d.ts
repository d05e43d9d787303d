declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A server that is not listening yet; it takes requests as its `request` events. */
  export default function dynalite(options?: { readonly createTableMs?: number }): Server;
}
