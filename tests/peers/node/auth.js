// Who is calling. With a key, tokens are JWTs of that key's one algorithm and must verify; without
// one, a well-formed JWT is believed unverified and everything else is an anonymous caller.

import { createHmac, createPublicKey, timingSafeEqual, verify as verifySignature } from 'node:crypto';
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

/** The key of tokens signed with a secret that the signer and this server share. */
export function secretKey(secret) {
  return {
    algorithm: 'HS256',
    hasSigned(signed, signature) {
      // Compared in encoded form: the last base64url character has spare bits, so that several
      // spellings decode to the same signature, and only one of them is the signature.
      const expected = Buffer.from(createHmac('sha256', secret).update(signed).digest('base64url'));
      const given = Buffer.from(signature);
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }) {
  if (type === 'rsa') return 'RS256';
  if (type === 'ec' && details.namedCurve === 'prime256v1') return 'ES256';
  throw new Error('neither an RSA key nor one on the curve P-256');
}

/** The key of tokens that somebody else signs with the private half of it: RSA, or EC on P-256. */
export function publicKey(pem) {
  const key = createPublicKey(pem);
  const algorithm = algorithmOf(key);
  return {
    algorithm,
    hasSigned(signed, signature) {
      const bytes = Buffer.from(signature, 'base64url');
      if (bytes.toString('base64url') !== signature) return false; // another spelling of it
      // JWTs carry r and s of an EC signature one after the other, not as DER.
      return verifySignature('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, bytes);
    },
  };
}

function checkSignature({ header, signed, signature }, key) {
  // Fixed algorithm: whatever the header asks for instead ("none", or HS256 with the text of a
  // public key as its secret) is refused.
  if (header.alg !== key.algorithm) throw new AuthError(`token algorithm is not ${key.algorithm}`);
  if (!key.hasSigned(signed, signature)) throw new AuthError('token signature is wrong');
}

function checkClaims({ exp, nbf, iss, aud }, { issuer, audience }) {
  const now = Date.now() / 1000;
  if (exp !== undefined && !(typeof exp === 'number' && now < exp)) {
    throw new AuthError('token has expired');
  }
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf)) {
    throw new AuthError('token is not valid yet');
  }
  if (issuer !== undefined && iss !== issuer) throw new AuthError('token is of another issuer');
  const isMeant = Array.isArray(aud) ? aud.includes(audience) : aud === audience;
  if (audience !== undefined && !isMeant) throw new AuthError('token is for another audience');
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
export function authenticator({ key, issuer, audience } = {}) {
  return (token) => {
    const jwt = decode(token);
    if (key === undefined) return jwt && identityOf(jwt.claims);

    if (token === undefined || token === null || token === '') {
      throw new AuthError('token is missing');
    }
    if (!jwt) throw new AuthError('token is not a JWT');
    checkSignature(jwt, key);
    checkClaims(jwt.claims, { issuer, audience });
    const identity = identityOf(jwt.claims);
    if (!identity) throw new AuthError('token names no identity.userId');
    return identity;
  };
}

/** The token of an `Authorization: Bearer` header, if there is one. */
export const bearer = (header) => /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
