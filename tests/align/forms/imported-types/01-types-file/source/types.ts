export interface LocationPoint {
  sosId: string;
  userId: string;
  latitude: number;
  longitude: number;
  accuracy: number;
}

export type Status = { sosId: string; status: string; timestamp: number };
