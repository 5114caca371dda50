export const HEARD = ⟦ev|'message:broadcasted'⟧;
export const LEFT = 'participant:left:broadcast';
export const SAY_TYPING = 'message:typing:start';
