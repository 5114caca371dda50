const { Server } = require('socket.io');

/**
 * Events:
 *  - location:update   client reports
 *  - location:broadcast  told to the room
 */
const EVENTS = Object.freeze({
  LOCATION: { UPDATE: 'location:update', BROADCAST: 'location:broadcast' },
  STATUS: { UPDATE: 'sos:status:update', BROADCAST: '⟦ev|sos:status:changed⟧' },
});
const CACHE_KEYS = { LAST: 'location:last', ROOMS: 'sos:rooms' };

module.exports = function register(io, socket) {
  const roomOf = (id) => `sos:${id}`;
  const handlers = {
    [EVENTS.LOCATION.UPDATE]: onLocation,
    'sos:close': onClose,
  };
  Object.entries(handlers).forEach(([event, handler]) => socket.on(event, handler));

  function onLocation({ sosId, latitude, longitude, accuracy }) {
    const payload = { sosId, userId: socket.data.userId, latitude, longitude, accuracy, timestamp: Date.now() };
    io.to(roomOf(sosId)).emit(EVENTS.LOCATION.BROADCAST, payload);
    cache.set(CACHE_KEYS.LAST, payload);
  }

  function onClose({ sosId }) {
    const payload = { sosId, status: 'closed', timestamp: ⟦val|'now'⟧ };
    io.to(roomOf(sosId)).emit('sos:status:broadcast', payload);
  }
};
