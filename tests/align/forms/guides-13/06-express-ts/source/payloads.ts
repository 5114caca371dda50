export interface JoinPayload { sosId: string; userType?: 'citizen' | 'rescuer' | 'admin'; displayName?: string }
export interface LocationPayload { sosId: string; latitude: number; longitude: number; accuracy: number }
export type StatusPayload = { sosId: string; status: string };
