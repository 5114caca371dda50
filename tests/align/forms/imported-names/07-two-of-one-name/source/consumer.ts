import { CLOSED } from './bus';

queue.consume(CLOSED, (job) => archive(job));
const STOPPED = pick();
socket.emit(STOPPED, { sosId });
