export const STATUS = 'sos:status:broadcast';
export const CLOSE = 'sos:finish';
