export const CLOSED = 'sos:close';
