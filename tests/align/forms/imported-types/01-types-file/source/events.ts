import type { LocationPoint, Status } from './types';

export interface ServerToClientEvents {
  ⟦fld|'location:broadcast': (p: LocationPoint) => void;⟧
  'sos:status:broadcast': (s: Status) => void;
}
