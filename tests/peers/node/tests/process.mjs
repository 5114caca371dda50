// How the program starts and ends.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { SERVER, ended, start, within } from './support.mjs';

describe('process', () => {
  test('bad options end with 2 and the known lies', async () => {
    for (const args of [['--nope'], ['stray'], ['--lie', 'white'], ['--lie'], ['--lie', ''], ['--port', 'x'], ['--port', '70000'], ['--jwt-key', '']]) {
      const { code, stdout, stderr } = await ended(...args);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /error-to-room/);
    }
  });

  test('a port in use ends with 1', async () => {
    const first = await start();
    const { code, stdout, stderr } = await ended('--port', new URL(first.url).port);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /EADDRINUSE/);
    await first.stop();
  });

  test('the end of stdin ends it, with clients still connected', async () => {
    const one = await start();
    const clients = [await one.client(), await one.client({ transport: 'polling' })];
    const ended = clients.map(({ socket }) => once(socket, 'disconnect'));
    one.child.stdin.end();
    await within(Promise.all(ended), 'disconnects');
    const { code, lines } = await one.stop(() => {});
    assert.deepEqual([code, lines.length], [0, 1]);
  });

  test('the end of stdin is nothing without --exit-with-stdin', async () => {
    const child = spawn(process.execPath, [SERVER, '--port', '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const [line] = await within(once(createInterface({ input: child.stdout }), 'line'), 'line');
    child.stdin.end();
    await within(once(child.stdin, 'close'), 'stdin closed');
    assert.equal((await fetch(`${JSON.parse(line).url}/health`)).status, 200);
    child.kill('SIGTERM');
    assert.deepEqual(await within(exited, 'exit'), [0, null]);
  });
});
