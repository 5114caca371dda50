// What may be said on the command line. Whatever is wrong there ends the program at once with 2:
// a peer that silently served something else than it was asked for would make its tests lie.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { publicKey, secretKey } from './auth.js';
import { LIE_NAMES } from './lies.js';

const ADAPTERS = ['classic', 'sharded', 'streams', 'none'];
const ADMIN_MODES = ['development', 'production'];

const OPTIONS = {
  'port': { type: 'string', default: '0' },
  'host': { type: 'string', default: '127.0.0.1' },
  'jwt-key': { type: 'string' },
  'jwt-public-key': { type: 'string' },
  'jwt-issuer': { type: 'string' },
  'jwt-audience': { type: 'string' },
  'redis': { type: 'string' },
  'adapter': { type: 'string' },
  'room-template': { type: 'string', default: 'sos:{sosId}' },
  'audience-template': { type: 'string' },
  'admin': { type: 'boolean', default: false },
  'admin-user': { type: 'string' },
  'admin-password': { type: 'string' },
  'admin-mode': { type: 'string' },
  'internal-token': { type: 'string' },
  'no-api': { type: 'boolean', default: false },
  'ping-interval': { type: 'string' },
  'lie': { type: 'string' },
  'exit-with-stdin': { type: 'boolean', default: false },
};

function usageError(message) {
  const names = Object.entries(OPTIONS)
    .map(([name, { type }]) => (type === 'string' ? `--${name} VALUE` : `--${name}`));
  console.error(`server.js: ${message}`);
  console.error(`options: ${names.join(' ')}`);
  console.error(`adapters: ${ADAPTERS.join(', ')}`);
  console.error(`lies: ${LIE_NAMES.join(', ')}`);
  process.exit(2);
}

function demand(condition, message) {
  if (!condition) usageError(message);
}

const oneOf = (known, value) => value === undefined || known.includes(value);
const isWhole = (value) => /^\d+$/.test(value);

function isRedisAddress(text) {
  try {
    return ['redis:', 'rediss:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

function keyOf(values) {
  if (values['jwt-key'] !== undefined) return secretKey(values['jwt-key']);
  const file = values['jwt-public-key'];
  if (file === undefined) return undefined;
  try {
    return publicKey(readFileSync(file));
  } catch (failure) {
    return usageError(`--jwt-public-key ${file}: ${failure.message}`);
  }
}

function tokensOf(values) {
  const { 'jwt-issuer': issuer, 'jwt-audience': audience } = values;
  demand(values['jwt-key'] === undefined || values['jwt-public-key'] === undefined,
    '--jwt-key and --jwt-public-key exclude each other');
  const key = keyOf(values);
  demand(key || (issuer === undefined && audience === undefined),
    '--jwt-issuer and --jwt-audience need a key: without one no token is verified');
  return { key, issuer, audience };
}

function adapterOf({ redis, adapter }) {
  demand(redis === undefined || isRedisAddress(redis),
    '--redis is not an address like redis://127.0.0.1:6379');
  demand(oneOf(ADAPTERS, adapter), `--adapter ${adapter}: no such adapter`);
  demand(redis !== undefined || adapter === undefined, '--adapter needs --redis');
  return adapter ?? 'classic';
}

function adminOf({ admin, 'admin-user': user, 'admin-password': password, 'admin-mode': mode }) {
  demand((user === undefined) === (password === undefined),
    '--admin-user and --admin-password need each other');
  demand(oneOf(ADMIN_MODES, mode), `--admin-mode ${mode}: no such mode`);
  const wanted = admin || user !== undefined;
  demand(wanted || mode === undefined, '--admin-mode needs --admin');
  return wanted ? { user, password, mode: mode ?? 'development' } : null;
}

function parse() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (failure) {
    return usageError(failure.message);
  }
}

/** The options of this run, checked. */
export function readOptions() {
  const values = parse();
  for (const [name, value] of Object.entries(values)) demand(value !== '', `--${name} is empty`);
  const { port, lie, 'ping-interval': interval } = values;
  demand(isWhole(port) && Number(port) <= 65535, `--port ${port}: not a port`);
  demand(interval === undefined || (isWhole(interval) && Number(interval) > 0),
    `--ping-interval ${interval}: not a number of milliseconds`);
  demand(oneOf(LIE_NAMES, lie), `--lie ${lie}: no such lie`);
  return {
    port: Number(port),
    host: values.host,
    tokens: tokensOf(values),
    redis: values.redis,
    adapter: adapterOf(values),
    roomTemplate: values['room-template'],
    audienceTemplate: values['audience-template'],
    admin: adminOf(values),
    internalToken: values['internal-token'],
    hasApi: !values['no-api'],
    pingInterval: interval && Number(interval),
    lie,
    exitsWithStdin: values['exit-with-stdin'],
  };
}
