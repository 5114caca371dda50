// The store that several nodes share. What must not be torn apart is one script each, as Redis runs
// a script from its beginning to its end with nothing in between.

import { within } from './redis.js';
import { StoreUnavailable, dated, undated } from './store.js';

const key = (kind, id) => `sos-peer:${kind}:${id}`;

// Stamps go up per SOS, whichever nodes write and whatever their clocks say. An entry is
// "<stamp> <JSON of the message without its time>": only here is the stamp known.
const CREATE = `
  local stamp = math.max(tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '0') + 1)
  local text = string.format('%.0f', stamp)
  redis.call('SET', KEYS[1], text)
  if ARGV[3] == 'keep' then
    redis.call('RPUSH', KEYS[2], text .. ' ' .. ARGV[2])
    redis.call('SET', KEYS[3], text .. ' ' .. ARGV[2])
  end
  return text`;

const HISTORY = `
  return {redis.call('LLEN', KEYS[1]), redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2])}`;

const REMOVE = `
  local known = redis.call('HGET', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[1], ARGV[1])
  return known`;

function decode(entry) {
  const end = entry.indexOf(' ');
  return dated(JSON.parse(entry.slice(end + 1)), Number(entry.slice(0, end)));
}

export class RedisStore {
  #client;
  #complain;

  constructor(client, complain) {
    this.#client = client;
    this.#complain = complain;
  }

  async #ask(command, ...args) {
    try {
      return await within(this.#client[command](...args));
    } catch (failure) {
      this.#complain(failure);
      throw new StoreUnavailable(`the store cannot be reached: ${failure.message}`);
    }
  }

  #run(script, keys, ...values) {
    return this.#ask('eval', script, { keys, arguments: values.map(String) });
  }

  async create(sosId, fields, { keep }) {
    const message = undated(sosId, fields);
    const keys = [key('stamp', sosId), key('messages', sosId), key('message', message.id)];
    const stamp = await this.#run(CREATE, keys, Date.now(), JSON.stringify(message), keep ? 'keep' : '');
    return dated(message, Number(stamp));
  }

  async message(id) {
    const entry = await this.#ask('get', key('message', id));
    return entry === null ? undefined : decode(entry);
  }

  async history(sosId, { skip, limit }) {
    const [total, entries] = await this.#run(HISTORY, [key('messages', sosId)], skip, skip + limit - 1);
    return { messages: entries.map(decode), pagination: { total, skip, limit } };
  }

  async enter(sosId, userId, details) {
    await this.#ask('hSet', key('participants', sosId), userId, JSON.stringify(details));
  }

  async remove(sosId, userId) {
    const known = await this.#run(REMOVE, [key('participants', sosId)], userId);
    return known === null ? undefined : JSON.parse(known);
  }
}
