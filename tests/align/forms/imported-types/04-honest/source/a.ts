import { Server } from 'socket.io';
import { Message } from 'some-package';
import { Point } from './b';
import { Local } from './c';

io.to(room).emit('message:broadcast', m as Message);
io.to(room).emit('location:broadcast', p as Point);
io.to(room).emit('sos:status:broadcast', s as Local);
