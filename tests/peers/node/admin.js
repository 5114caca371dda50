// The official admin UI's view of this server, in a namespace of its own: /admin. No token of the
// service opens it, and nothing of it has to do with an SOS.

import { instrument } from '@socket.io/admin-ui';
import bcrypt from 'bcryptjs';

export function serveAdmin(io, { user, password, mode }) {
  // Asked before the UI's own check, which fails outside of any handler on what is no text.
  io.of('/admin').use(({ handshake: { auth } }, next) => {
    if (typeof auth.password !== 'string') auth.password = '';
    next();
  });
  instrument(io, {
    mode,
    auth: user === undefined
      ? false : { type: 'basic', username: user, password: bcrypt.hashSync(password, 10) },
  });
}
