export const CLOSED = 'bus:closed';
const LEFT = 'bus:left';
