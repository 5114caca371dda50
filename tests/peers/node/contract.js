// The values and limits that the guide documents, and the checks that HTTP and sockets share.

export const USER_TYPES = new Set(['admin', 'rescuer', 'citizen']);
export const CONTENT_TYPES = new Set(['text', 'system']);
export const STATUSES = new Set([
  'active', 'assigned', 'responding', 'en_route', 'arrived',
  'resolved', 'completed', 'closed', 'cancelled',
]);

const TYPE_OF_ROLE = new Map([
  ['CITIZEN', 'citizen'],
  ['RESCUER', 'rescuer'],
  ['ADMIN', 'admin'],
  ['DISPATCHER', 'admin'],
]);

/** The documented lower-case type of a token's role; an unknown role has no privilege. */
export const userTypeOfRole = (role) => TYPE_OF_ROLE.get(role) ?? 'citizen';

/** How the internal call that broadcasts a message names senders, with the documented type of each. */
export const TYPE_OF_SENDER = new Map([
  ['CITIZEN', 'citizen'],
  ['SOS_ADMIN', 'admin'],
  ['RESCUER', 'rescuer'],
  ['SYSTEM', 'admin'],
]);

export const MAX_PAGE = 50;
export const MAX_CONTENT = 2000;

export const isObject = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A string with something in it besides white space: ids and names. Never trimmed, only judged. */
export const isName = (value) => typeof value === 'string' && value.trim() !== '';

/** A check that nothing fails which is not there. */
export const optional = (value, check) => value === undefined || check(value);

/** The entries of an object that have a value: optional fields are left out, not sent as null. */
export const given = (object) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** Message text: 1 to 2000 characters, counted in code points, so that an emoji counts as one. */
export function isContent(value) {
  if (typeof value !== 'string' || value === '') return false;
  // A code point takes at most two UTF-16 units: no need to walk through a megabyte to refuse it.
  if (value.length > 2 * MAX_CONTENT) return false;
  return [...value].length <= MAX_CONTENT;
}

/** A moment as the service itself would write it, in UTC; fractions of a second may be left out. */
export const isMoment = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value)
    && !Number.isNaN(Date.parse(value));

export const isNumberWithin = (value, low, high) =>
  typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high;

/**
 * Page boundaries from numbers (or undefined for the defaults), or null when they are invalid.
 * A limit above the largest page is lowered to it rather than refused.
 */
export function page(skip = 0, limit = MAX_PAGE) {
  if (!Number.isSafeInteger(skip) || skip < 0) return null;
  if (!Number.isSafeInteger(limit) || limit < 1) return null;
  return { skip, limit: Math.min(limit, MAX_PAGE) };
}
