export const answer = 42;

// expected
