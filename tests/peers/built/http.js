// Routes and their answers. A handler returns { status, body }, or throws a Refusal.

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function send(res, status, body) {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  res.end(bytes);
}

export const notFound = (req, res) => send(res, 404, { success: false, error: `Cannot ${req.method} ${req.url}` });

async function bodyOf(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
}

/** The values of a path's parameters; undefined where the path is another. */
function match(pattern, path) {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const params = {};
  for (const [at, name] of names.entries()) {
    if (name.startsWith(':') && parts[at] !== '') params[name.slice(1)] = decodeURIComponent(parts[at]);
    else if (name !== parts[at]) return undefined;
  }
  return params;
}

/** The request listener of some routes: [method, path, handler]. */
export function listener(routes) {
  return async (req, res) => {
    try {
      const { pathname, searchParams: query } = new URL(req.url, 'http://localhost');
      for (const [method, pattern, handler] of routes) {
        const params = method === req.method ? match(pattern, pathname) : undefined;
        if (params === undefined) continue;
        const { status, body } = await handler({ req, params, query, body: await bodyOf(req) });
        return send(res, status, body);
      }
      return notFound(req, res);
    } catch (failure) {
      if (!(failure instanceof Refusal)) console.error(failure);
      return send(res, failure.status ?? 500, { success: false, error: failure.message });
    }
  };
}
