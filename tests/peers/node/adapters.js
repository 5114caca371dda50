// What joins several nodes: the official adapters over Redis. They leave most promises of the Redis
// client to themselves, so that one that fails would end the process, and they lean on details of
// older clients. So each gets a stand-in for the client that has only what the adapter uses.

import { createAdapter as classic, createShardedAdapter as sharded } from '@socket.io/redis-adapter';
import { createAdapter as streams } from '@socket.io/redis-streams-adapter';
import { Adapter } from 'socket.io-adapter';
import { LIMIT, connect, within } from './redis.js';

const STREAM = 'socket.io';

/** What a stand-in must have, but need not do, for the adapters to know the kind of client. */
const FAMILIAR = { on() {}, off() {}, pSubscribe() {}, sSubscribe() {} };

/** A client to publish with. A failure is told and no more: local delivery goes on. */
function publisher(client, { complain, spare = [] }) {
  const lenient = (command) => async (...args) => {
    try {
      return await within(client[command](...args));
    } catch (failure) {
      complain(failure);
      return undefined;
    }
  };
  return {
    ...FAMILIAR,
    publish: lenient('publish'),
    sPublish: lenient('sPublish'),
    xAdd: lenient('xAdd'),
    sendCommand: (args) => within(client.sendCommand(args)),
    duplicate: () => spare.pop(),
  };
}

/** Changes of subscriptions, of all namespaces: which are on their way, and what went wrong. */
class Changes {
  #last = new Map(); // channels -> the newest change of them
  #pending = new Set();
  failure = undefined;

  /**
   * Makes a change after the earlier ones of the same channels are done: the client takes a
   * channel that is about to be given up for one that it still has, and would end without it.
   */
  inTurn(channels, change, complain) {
    const name = String(channels);
    const turn = (this.#last.get(name) ?? Promise.resolve()).then(change).catch((failure) => {
      this.failure ??= failure;
      complain(failure);
    }).finally(() => {
      this.#pending.delete(turn);
      if (this.#last.get(name) === turn) this.#last.delete(name);
    });
    this.#last.set(name, turn);
    this.#pending.add(turn);
    return turn;
  }

  get isPending() {
    return this.#pending.size > 0;
  }

  /** Resolves when all changes begun so far are made. */
  async made() {
    await Promise.all(this.#pending);
  }
}

/** A connected client to receive with: by subscriptions, or from a stream. */
function subscriber(client, { complain, changes, newest }) {
  const subscribe = (command) => (channels, listener, asBuffers) =>
    changes.inTurn(channels, async () => {
      for (;;) {
        try {
          return await client[command](channels, listener, asBuffers);
        } catch (failure) {
          // One that was on its way when the connection broke is forgotten by the client.
          if (client.isReady) throw failure;
        }
      }
    }, complain);
  const unsubscribe = (command) => (...args) =>
    changes.inTurn(args[0], () => client[command](...args), complain);
  return {
    ...FAMILIAR,
    subscribe: subscribe('subscribe'),
    pSubscribe: subscribe('pSubscribe'),
    sSubscribe: subscribe('sSubscribe'),
    unsubscribe: unsubscribe('unsubscribe'),
    pUnsubscribe: unsubscribe('pUnsubscribe'),
    sUnsubscribe: unsubscribe('sUnsubscribe'),
    // The adapter begins with "$", from now on, and says so again until it has read an entry: what
    // is added in between would be lost. The newest entry at the start is what it means.
    xRead: ([{ key, id }], options) => client.xRead([{ key, id: id === '$' ? newest : id }], options),
    async connect() {},
    disconnect() {
      if (client.isOpen) client.destroy();
    },
  };
}

/**
 * An adapter whose fetchSockets answers with the sockets of this node when the others cannot be
 * asked or do not answer in time. Not an arrow function: socket.io calls it with `new`.
 */
const answering = (create, complain) => function adapter(nsp) {
  const made = create(nsp);
  const fetchEverywhere = made.fetchSockets.bind(made);
  made.fetchSockets = async (filter) => {
    try {
      return await within(fetchEverywhere(filter));
    } catch (failure) {
      complain(failure);
      return Adapter.prototype.fetchSockets.call(made, filter);
    }
  };
  return made;
};

/** A node that is joined to no other. */
export const ALONE = Object.freeze({ adapter: undefined, async ready() {}, async subscribed() {} });

/**
 * Joins this node to others: the adapter, when it is `ready` to hear of them, and when the node is
 * `subscribed` to the rooms that its sockets have just joined.
 */
export async function joinNodes(kind, { url, client, complain }) {
  if (kind === 'none') return ALONE;

  const changes = new Changes();
  const receiver = async (newest) =>
    subscriber(await connect(url, { complain, queues: true }), { complain, changes, newest });
  const create = {
    classic: async () =>
      classic(publisher(client, { complain }), await receiver(), { requestsTimeout: LIMIT }),
    sharded: async () => sharded(publisher(client, { complain }), await receiver()),
    streams: async () => {
      // It wants a client of its own to read the stream with, and another to subscribe with.
      const newest = (await client.xRevRange(STREAM, '+', '-', { COUNT: 1 }))[0]?.id ?? '0-0';
      const spare = [await receiver(newest), await receiver(newest)];
      return streams(publisher(client, { complain, spare }), { streamName: STREAM });
    },
  };
  return {
    adapter: answering(await create[kind](), complain),
    async ready() {
      do {
        await new Promise(setImmediate); // the streams adapter subscribes a little later
        await changes.made();
      } while (changes.isPending);
      if (changes.failure) throw changes.failure;
    },
    async subscribed() {
      if (changes.isPending) await within(changes.made()).catch(complain);
    },
  };
}
