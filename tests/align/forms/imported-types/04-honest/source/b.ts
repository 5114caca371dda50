import { Base } from 'other-package';
export interface Point extends Base {
  latitude: number;
}
interface Local { nothing: string }
