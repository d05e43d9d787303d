import Module from 'node:module';

/**
 * Has the official runtime client load this in place of its native module: the same four calls, over requests to the runtime
 * API as `call` makes them. Loaded inside the function's process, never bundled.
 *
 * @param {(method: 'GET' | 'POST', path: string, body?: string) => Promise<{ bodyJson: string, headers: object }>} call
 */
export function standInForNativeClient(call) {
  /** @type {Promise<unknown>} */
  let lastPost = Promise.resolve();
  const post = (/** @type {string} */ path, /** @type {string} */ body) => {
    lastPost = call('POST', path, body);
    lastPost.catch(() => {});
  };
  const nativeClient = {
    initializeClient() {},
    // The native calls that answer are synchronous, so the client never waits for them: asking for the next one does.
    async next() {
      await lastPost;
      return call('GET', '/next');
    },
    done: (/** @type {string} */ id, /** @type {string} */ body) => post(`/${id}/response`, body),
    error: (/** @type {string} */ id, /** @type {string} */ body) => post(`/${id}/error`, body),
  };
  // Node's supported hooks for this came after version 20; overriding its loader is what instrumentation does, too.
  const load = Reflect.get(Module, '_load');
  Reflect.set(Module, '_load', (/** @type {string} */ name, /** @type {unknown[]} */ ...rest) =>
    name === './rapid-client.node' ? nativeClient : Reflect.apply(load, Module, [name, ...rest]),
  );
}
