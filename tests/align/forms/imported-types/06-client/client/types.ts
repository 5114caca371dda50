export interface StatusChange { sosId: string; status: string; timestamp: ⟦val|string⟧ }
