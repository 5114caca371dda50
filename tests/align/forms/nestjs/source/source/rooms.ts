export const roomOf = (sosId: string) => ⟦room|`sos/${sosId}`⟧;
