export enum SosEvents {
  Join = 'sos:room:join',
  Joined = 'participant:joined:broadcast',
  Old = '⟦ret|message:error⟧',
}
