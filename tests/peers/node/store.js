// What the service remembers: messages, and who was entered as a participant over HTTP. This store
// keeps it in memory; redis-store.js is one that several nodes share. Both answer in promises.

import { randomBytes } from 'node:crypto';

/** The store cannot be reached now. */
export class StoreUnavailable extends Error {}

/** A message as it will be stored, but for its time, which only the store can give. */
export const undated = (sosId, { senderType, senderId, senderDisplayName, contentType, content }) => ({
  id: randomBytes(12).toString('hex'),
  sosId,
  senderType,
  senderId,
  senderDisplayName,
  contentType,
  content,
});

export const dated = (message, stamp) =>
  Object.freeze({ ...message, createdAt: new Date(stamp).toISOString() });

export class Store {
  #bySos = new Map(); // sosId -> messages in order of createdAt
  #byId = new Map(); // message id -> message
  #lastStamp = new Map(); // sosId -> milliseconds of its newest message
  #participants = new Map(); // sosId -> Map(userId -> { userType, displayName })

  /** A new message. It can be read afterwards only if it is kept. */
  async create(sosId, fields, { keep }) {
    // Two messages of one SOS never share a millisecond, so that ordering by createdAt has one
    // answer, and a clock set back cannot reorder a conversation.
    const stamp = Math.max(Date.now(), (this.#lastStamp.get(sosId) ?? 0) + 1);
    this.#lastStamp.set(sosId, stamp);
    const message = dated(undated(sosId, fields), stamp);
    if (keep) this.#keep(message);
    return message;
  }

  #keep(message) {
    const list = this.#bySos.get(message.sosId);
    if (list) list.push(message);
    else this.#bySos.set(message.sosId, [message]);
    this.#byId.set(message.id, message);
  }

  async message(id) {
    return this.#byId.get(id);
  }

  /** One page of an SOS's messages, oldest first, in the shape shared by HTTP and sockets. */
  async history(sosId, { skip, limit }) {
    const all = this.#bySos.get(sosId) ?? [];
    return {
      messages: all.slice(skip, skip + limit),
      pagination: { total: all.length, skip, limit },
    };
  }

  async enter(sosId, userId, details) {
    if (!this.#participants.has(sosId)) this.#participants.set(sosId, new Map());
    this.#participants.get(sosId).set(userId, details);
  }

  /** Removes a participant; what was known of them, or undefined. */
  async remove(sosId, userId) {
    const known = this.#participants.get(sosId)?.get(userId);
    this.#participants.get(sosId)?.delete(userId);
    return known;
  }
}
