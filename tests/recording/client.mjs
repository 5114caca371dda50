// The official client with `everything.mjs`: prints what it saw as JSON, the same over every road.
//
//   node client.mjs URL websocket|polling|upgrade

import { createRequire } from 'node:module';

const { io } = createRequire(new URL('../peers/node/', import.meta.url))('socket.io-client');

const [url, mode] = process.argv.slice(2);
const transports = { websocket: ['websocket'], polling: ['polling'], upgrade: ['polling', 'websocket'] }[mode];
const seen = {};
const heard = (socket, event) => new Promise((resolve) => socket.once(event, (...args) => resolve(args)));

const socket = io(url, { transports, auth: { token: 'secret-token-of-ann' }, reconnectionDelay: 10, forceNew: true });
await heard(socket, 'connect');
if (mode === 'upgrade' && socket.io.engine.transport.name !== 'websocket') await heard(socket.io.engine, 'upgrade');
seen.transport = socket.io.engine.transport.name;
const [text, bytes] = await socket.emitWithAck('echo', 'ünïcode \u{1f600}', Buffer.from([0, 1, 254, 255]));
seen.echo = [text, [...bytes]];
socket.on('question', (_, answer) => answer({ well: true }));
const answered = heard(socket, 'answered');
socket.emit('ask');
[seen.answered] = await answered; // Recovery puts an offset behind it.
const said = heard(socket, 'said');
socket.emit('say', { picture: Buffer.from('PNG'), name: 'x'.repeat(2000) });
const [{ picture, name }] = await said;
seen.said = [picture.toString(), name.length];

const chat = io(`${url}/chat`, { transports, forceNew: true });
seen.chat = await chat.emitWithAck('echo', 1.5);
chat.close();
const closed = io(`${url}/closed`, { transports, forceNew: true });
const [refusal] = await heard(closed, 'connect_error');
seen.closed = [refusal.message, refusal.data];
closed.close();

const id = socket.id;
const lost = heard(socket, 'disconnect');
const back = heard(socket, 'welcome');
socket.emit('drop');
seen.lost = (await lost)[0];
seen.back = [(await back)[0], socket.recovered, socket.id === id];
const ended = heard(socket, 'disconnect');
socket.emit('leave');
seen.ended = (await ended)[0];
socket.close();

const answer = await fetch(`${url}/api/notes`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer secret-of-the-caller', origin: 'http://a.example' },
  body: JSON.stringify({ text: 'hello', password: 'hunter2-is-secret' }),
});
const note = await answer.json();
seen.note = [answer.status, note.id, note.origin];
console.log(JSON.stringify(seen));
process.exit(0);
