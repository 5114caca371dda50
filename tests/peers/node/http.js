// The HTTP side: which calls there are, who may make them, and the answers.

import { apiRoutes } from './api.js';
import { AuthError, bearer } from './auth.js';
import { isName } from './contract.js';
import { internalRoutes } from './internal.js';
import { HttpError, demand, send } from './requests.js';
import { StoreUnavailable } from './store.js';

function decodeParams(raw) {
  return Object.fromEntries(raw.map(([name, part]) => {
    let value;
    try {
      value = decodeURIComponent(part);
    } catch {
      throw new HttpError(400, `${name} is not properly percent-encoded`);
    }
    demand(isName(value), `${name} is missing`);
    return [name, value];
  }));
}

const health = () => ({ status: 200, body: { success: true, status: 'ok' } });

function errorOf(failure) {
  if (failure instanceof HttpError) return [failure.status, failure.message];
  if (failure instanceof StoreUnavailable) return [503, failure.message];
  return [500, 'the request could not be handled'];
}

/**
 * The request listener. `io` is a function, as the Socket.IO server is made after the listener.
 * Without an `internalToken` there are no internal calls.
 */
export function httpListener({ io, ways, store, authenticate, hasApi, internalToken: token }) {
  /** The identity of who calls; null for an anonymous caller, where those are allowed. */
  function identify(req) {
    try {
      return authenticate(bearer(req.headers.authorization));
    } catch (failure) {
      throw failure instanceof AuthError ? new HttpError(401, failure.message) : failure;
    }
  }

  const routes = [
    ['GET', '/health', health, () => null],
    ...(hasApi ? apiRoutes({ io, ways, store }).map((route) => [...route, identify]) : []),
    ...(token === undefined ? [] : internalRoutes({ io, ways, token })),
  ].map(([method, path, handler, admit]) => ({ method, pattern: path.split('/'), handler, admit }));

  /** The route for a method and path, with the parts of the path that are parameters, undecoded. */
  function find(method, path) {
    // Split before decoding, and without a URL parser: an encoded slash belongs to an id, and
    // an id made of dots is no step up the path.
    const parts = path.split('/');
    const route = routes.find(({ method: wanted, pattern }) =>
      wanted === method && pattern.length === parts.length
      && pattern.every((name, i) => (name[0] === ':' ? parts[i] !== '' : name === parts[i])));
    if (!route) throw new HttpError(404, 'no such route');
    const raw = route.pattern.flatMap((name, i) => (name[0] === ':' ? [[name.slice(1), parts[i]]] : []));
    return { ...route, raw };
  }

  async function handle(req) {
    const [path, search = ''] = req.url.split(/\?(.*)/s);
    const { handler, admit, raw } = find(req.method, path);
    const identity = admit(req);
    return handler({ req, params: decodeParams(raw), query: new URLSearchParams(search), identity });
  }

  return async (req, res) => {
    try {
      const { status, body, announce } = await handle(req);
      send(res, status, body);
      // In the same turn as the answer: whoever has the answer can rely on the broadcast being out.
      announce?.();
    } catch (failure) {
      const [status, error] = errorOf(failure);
      if (status === 500 && !req.destroyed) console.error(failure);
      if (!res.headersSent) send(res, status, { success: false, error });
    }
  };
}
