export const JOINED = 'participant:joined:broadcast';
export const LEFT = 'participant:left';
const TYPING = ⟦ev|'message:typing:begin'⟧;
export { TYPING as TYPING_START };
