export type Typing = { sosId: string };
