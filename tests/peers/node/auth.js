// Who is calling. With a key, tokens are JWTs signed with HS256 and must verify; without one, a
// well-formed JWT is believed unverified and everything else is an anonymous caller.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { isName, isObject, userTypeOfRole } from './contract.js';

export class AuthError extends Error {}

const JWT = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

function jsonPart(part) {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function decode(token) {
  const parts = typeof token === 'string' ? JWT.exec(token) : null;
  if (!parts) return null;
  const [, head, body, signature] = parts;
  const header = jsonPart(head);
  const claims = jsonPart(body);
  return header && claims ? { header, claims, signature, signed: `${head}.${body}` } : null;
}

function verify({ header, claims, signature, signed }, key) {
  // Fixed algorithm: whatever the header asks for instead ("none", RS256) is refused.
  if (header.alg !== 'HS256') throw new AuthError('token algorithm is not HS256');

  // Compared in encoded form: the last base64url character has spare bits, so that several
  // spellings decode to the same signature, and only one of them is the signature.
  const expected = Buffer.from(createHmac('sha256', key).update(signed).digest('base64url'));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AuthError('token signature is wrong');
  }

  const now = Date.now() / 1000;
  const { exp, nbf } = claims;
  if (exp !== undefined && !(typeof exp === 'number' && now < exp)) {
    throw new AuthError('token has expired');
  }
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf)) {
    throw new AuthError('token is not valid yet');
  }
}

function identityOf(claims) {
  const identity = claims.identity;
  if (!isObject(identity) || !isName(identity.userId)) return null;
  return { userId: identity.userId, userType: userTypeOfRole(identity.role) };
}

/**
 * A function from a token (or undefined) to { userId, userType }, or to null for an anonymous
 * caller. With a key it throws AuthError instead of letting anyone be anonymous.
 */
export function authenticator(key) {
  return (token) => {
    const jwt = decode(token);
    if (key === undefined) return jwt && identityOf(jwt.claims);

    if (token === undefined || token === null || token === '') {
      throw new AuthError('token is missing');
    }
    if (!jwt) throw new AuthError('token is not a JWT');
    verify(jwt, key);
    const identity = identityOf(jwt.claims);
    if (!identity) throw new AuthError('token names no identity.userId');
    return identity;
  };
}

/** The token of an `Authorization: Bearer` header, if there is one. */
export const bearer = (header) => /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
