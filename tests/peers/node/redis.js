// Connections to Redis. It may go away at any moment and come back: then every command fails at
// once or after LIMIT, the connections are made again, and nothing ends this process.

import { createClient } from 'redis';

/** How long anything may wait for Redis or for another node, in milliseconds. */
export const LIMIT = 1000;

/** The outcome of a promise, or a rejection when it takes longer than LIMIT. */
export function within(promise, limit = LIMIT) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A function that tells failures on stderr: the same one once a second, as they come in floods. */
export function complainer() {
  const told = new Map(); // message -> when
  return (failure) => {
    const message = failure.message || failure.code || String(failure); // some have a code alone
    const now = Date.now();
    if (now - (told.get(message) ?? 0) < 1000) return;
    if (told.size > 100) told.clear();
    told.set(message, now);
    console.error(`server.js: Redis: ${message}`);
  };
}

/**
 * A connected client. While it is cut off it refuses commands; one that `queues` keeps them until
 * it is connected again, which is right for subscriptions, and for nothing that somebody awaits.
 */
export async function connect(url, { complain, queues = false }) {
  let isKnown = false;
  const client = createClient({
    url,
    disableOfflineQueue: !queues,
    socket: {
      connectTimeout: LIMIT,
      // A Redis that was never there is a wrong address: that is told, not waited for.
      reconnectStrategy: (tries, cause) => (isKnown ? Math.min(50 * 2 ** tries, 500) : cause),
    },
  });
  client.on('error', complain);
  // A Redis that takes the connection and then says nothing would hold up the start for ever.
  await within(client.connect(), 5 * LIMIT);
  isKnown = true;
  return client;
}
