// Reading HTTP requests and answering them, whatever they ask for.

import { isObject } from './contract.js';

const MAX_BODY = 2 * 1024 * 1024;

export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function demand(condition, message) {
  if (!condition) throw new HttpError(400, message);
}

/** The whole body of a request, as bytes. */
function readBody(req) {
  return new Promise((resolve, reject) => {
    let chunks = [];
    let size = 0;
    req.on('data', (chunk) => {
      size += chunk.length;
      if (size <= MAX_BODY) {
        chunks.push(chunk);
      } else {
        // Refused at once, but what still comes is read and dropped: closing on a client that is
        // still sending could reset the connection before the client has read the answer.
        chunks = [];
        reject(new HttpError(413, 'the body is larger than 2 MB'));
      }
    });
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', reject);
  });
}

export async function readObject(req) {
  const bytes = await readBody(req);
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
  demand(isObject(value), 'the body is not a JSON object');
  return value;
}

/** A number from the query: undefined when absent, NaN when it is not a plain whole number. */
export function queryNumber(query, name) {
  const values = query.getAll(name);
  if (values.length === 0) return undefined;
  return values.length === 1 && /^\d+$/.test(values[0]) ? Number(values[0]) : NaN;
}

export function send(res, status, body) {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
  });
  res.end(bytes);
}
