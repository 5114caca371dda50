// What the service remembers, in memory: messages, and who was entered as a participant over HTTP.

import { randomBytes } from 'node:crypto';

export class Store {
  #bySos = new Map(); // sosId -> messages in order of createdAt
  #byId = new Map(); // message id -> message
  #lastStamp = new Map(); // sosId -> milliseconds of its newest message
  #participants = new Map(); // sosId -> Map(userId -> { userType, displayName })

  /** A complete message that is not stored yet. */
  draft(sosId, { senderType, senderId, senderDisplayName, contentType, content }) {
    // Two messages of one SOS never share a millisecond, so that ordering by createdAt has one
    // answer, and a clock set back cannot reorder a conversation.
    const stamp = Math.max(Date.now(), (this.#lastStamp.get(sosId) ?? 0) + 1);
    this.#lastStamp.set(sosId, stamp);
    return Object.freeze({
      id: randomBytes(12).toString('hex'),
      sosId,
      senderType,
      senderId,
      senderDisplayName,
      contentType,
      content,
      createdAt: new Date(stamp).toISOString(),
    });
  }

  keep(message) {
    const list = this.#bySos.get(message.sosId);
    if (list) list.push(message);
    else this.#bySos.set(message.sosId, [message]);
    this.#byId.set(message.id, message);
  }

  message(id) {
    return this.#byId.get(id);
  }

  /** One page of an SOS's messages, oldest first, in the shape shared by HTTP and sockets. */
  history(sosId, { skip, limit }) {
    const all = this.#bySos.get(sosId) ?? [];
    return {
      messages: all.slice(skip, skip + limit),
      pagination: { total: all.length, skip, limit },
    };
  }

  enter(sosId, userId, details) {
    if (!this.#participants.has(sosId)) this.#participants.set(sosId, new Map());
    this.#participants.get(sosId).set(userId, details);
  }

  /** Removes a participant; what was known of them, or undefined. */
  remove(sosId, userId) {
    const known = this.#participants.get(sosId)?.get(userId);
    this.#participants.get(sosId)?.delete(userId);
    return known;
  }
}
