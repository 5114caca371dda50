// A client by the exported types. `@ts-expect-error` says that the line after it must not compile.
import { io, type Socket } from "socket.io-client";
import type * as Board from "./example.js";
import type * as Film from "./darkroom_binary.js";
import type * as Ferry from "./ferry_arguments.js";
import type * as Lamp from "./lighthouse_acks.js";

const board: Socket<Board.ServerToClientEvents, Board.ClientToServerEvents> = io();
board.emit("cursor:move", { room: "one", x: 1 });
board.emit("room:enter", { room: "one" }, ({ room, entered }) => console.log(room, entered));
board.emit("who", { room: "one" });
board.emit("who", { room: "one" }, ({ sockets, count }) => console.log(sockets[0]?.user, count));
board.on("who:list", ({ sockets }) => console.log(sockets.length));
board.on("cursor:moved", ({ user, x }) => console.log(user.length, x.toFixed()));
async function entered() {
  const { room } = await board.emitWithAck("room:enter", { room: "one" });
  const text: string = room;
  // @ts-expect-error the room is a text
  const number: number = room;
  console.log(text, number);
}
void entered();
// @ts-expect-error a required field is missing
board.emit("cursor:move", { room: "one" });
// @ts-expect-error a field that is not documented
board.emit("cursor:move", { room: "one", x: 1, y: 2 });
// @ts-expect-error an event of the service
board.emit("cursor:moved", { room: "one", x: 1, user: "u" });
// @ts-expect-error a value that is not listed
board.emit("pen:take", { room: "one", pen: "black" });
// @ts-expect-error a good request is acked, and nobody listens
board.emit("room:enter", { room: "one" });
// @ts-expect-error an event that the service does not send
board.on("cursor:move", () => undefined);
// @ts-expect-error a field that the payload has not
board.on("cursor:moved", ({ who }) => console.log(who));

const film: Socket<Film.ServerToClientEvents, Film.ClientToServerEvents> = io();
film.emit("frame:expose", { film: "f", label: "l", light: new Uint8Array([1]) });
film.emit("tint", "f", new ArrayBuffer(3), (swatch) => console.log(swatch.byteLength));
// @ts-expect-error a text is no binary data
film.emit("frame:expose", { film: "f", label: "l", light: "AQ==" });
// @ts-expect-error arguments in another order
film.emit("tint", new ArrayBuffer(3), "f", () => undefined);

const ferry: Socket<Ferry.ServerToClientEvents, Ferry.ClientToServerEvents> = io();
ferry.emit("signal", "blue", { deck: "d", mast: 1 });
ferry.emit("disembark");
ferry.on("signalled", (flag, deck, { mast }) => console.log(flag.length, deck.length, mast.toFixed()));
// @ts-expect-error an argument is missing
ferry.emit("signal", "blue");
// @ts-expect-error an argument too many
ferry.emit("disembark", "d");

const lamp: Socket<Lamp.ServerToClientEvents, Lamp.ClientToServerEvents> = io();
lamp.emit("lamp:watch", { lamp: "one" }, (refusal, found) => {
  if (refusal === null) console.log(found?.lit);
  else console.log(refusal.code);
});
lamp.emit("lamp:watch", { lamp: "one" }, (refusal, found) => {
  // @ts-expect-error there is no data where the request was refused
  console.log(found.lit);
  // @ts-expect-error a refusal may be none
  console.log(refusal.code);
});
lamp.on("lamp:lit", (_, ack) => {
  ack({ seen: true });
  // @ts-expect-error a service is answered as documented
  ack({ seen: false });
});
