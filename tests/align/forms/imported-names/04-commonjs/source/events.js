const LEAVE = ⟦ev|'sos:room:exit'⟧;
const MESSAGE = 'message:broadcast';
module.exports = { LEAVE, MESSAGE };
