// Each lie changes the one thing that it is named for.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SAY, settle, start } from './support.mjs';

describe('lies', () => {
  /** What a short session shows of each thing that some lie changes. */
  async function session(lie) {
    const liar = await start(...(lie ? ['--lie', lie] : []));
    try {
      const [a, b, c] = await Promise.all([1, 2, 3].map(() => liar.client()));
      await a.ask('sos:room:join', { sosId: 'Ab' });
      await b.ask('sos:room:join', { sosId: 'Ab' });
      await c.ask('sos:room:join', { sosId: 'aB' });
      const { status, body } = await liar.call('POST', '/api/messages/Ab', SAY);
      a.emit('message:typing:start', { sosId: 'Ab', displayName: 'Ana' });
      a.emit('sos:init', {});
      await settle(a, b, c);
      const names = (client) => client.seen.map(([name]) => name).sort();
      return {
        status, a: names(a), b: names(b), c: names(c),
        listed: (await liar.call('GET', '/api/messages/Ab')).body.pagination.total,
        read: (await liar.call('GET', `/api/messages/message/${body.data.id}`)).status,
        history: (await a.ask('message:history:request', { sosId: 'Ab' })).messages.length,
      };
    } finally {
      assert.equal((await liar.stop()).code, 0);
    }
  }
  const [M, T, E] = ['message:broadcast', 'message:typing:start', 'error'];
  const honest = { status: 201, a: [E, M], b: [M, T], c: [], listed: 1, read: 200, history: 1 };
  const lies = {
    '': {},
    'renamed-message-broadcast': { a: [E, 'message:new'], b: ['message:new', T] },
    'dash-id-leak': { c: [M, T] },
    'typing-to-sender': { a: [E, M, T] },
    'broadcast-not-stored': { listed: 0, read: 404, history: 0 },
    'error-to-room': { b: [E, M, T], c: [E] },
  };
  for (const [lie, change] of Object.entries(lies)) {
    test(lie || 'none', async () => {
      const seen = await session(lie);
      const wanted = { ...honest, ...change };
      for (const who of 'abc') wanted[who] = [...wanted[who]].sort();
      assert.deepEqual(seen, wanted);
    });
  }
});
