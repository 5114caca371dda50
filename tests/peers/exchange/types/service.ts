// A service by the exported types. `@ts-expect-error` says that the line after it must not compile.
import { Server } from "socket.io";
import type * as Board from "./example.js";
import type * as Film from "./darkroom_binary.js";
import type * as Ferry from "./ferry_arguments.js";
import type * as Lamp from "./lighthouse_acks.js";

const board = new Server<Board.ClientToServerEvents, Board.ServerToClientEvents>();
board.on("connection", (socket) => {
  socket.on("cursor:move", ({ room, x }) => {
    board.to(room).except(socket.id).emit("cursor:moved", { room, x: x + 1, user: "u" });
    // @ts-expect-error a required field is missing
    board.to(room).emit("cursor:moved", { room, x });
    // @ts-expect-error a field of another type
    board.to(room).emit("cursor:moved", { room, x: "1", user: "u" });
    // @ts-expect-error an event of clients
    board.emit("cursor:move", { room, x });
    // @ts-expect-error an unknown event
    board.emit("cursor:moves", { room, x, user: "u" });
  });
  socket.on("room:enter", ({ room }, ack) => {
    ack({ room, entered: true });
    // @ts-expect-error a value that is not the constant
    ack({ room, entered: false });
    // @ts-expect-error an answer without a required field
    ack({ entered: true });
  });
  socket.on("pen:take", ({ pen }) => {
    const taken: "red" | "green" | "blue" = pen;
    // @ts-expect-error a value that is not listed
    const other: "red" | "green" = pen;
    console.log(taken, other);
  });
  // @ts-expect-error an event that clients do not emit
  socket.on("cursor:moved", () => undefined);
});

const film = new Server<Film.ClientToServerEvents, Film.ServerToClientEvents>();
film.on("connection", (socket) => {
  socket.on("tint", (name, dye, ack) => {
    film.emit("tinted", name, Buffer.from("rgb"));
    film.emit("tinted", name, new Uint8Array([1, 2, 3]));
    film.emit("tinted", name, dye);
    ack(Buffer.from("rgb"));
    // @ts-expect-error base64 is no binary data
    film.emit("tinted", name, "cmdi");
    // @ts-expect-error a list of numbers is no binary data
    ack([1, 2, 3]);
  });
});

const ferry = new Server<Ferry.ClientToServerEvents, Ferry.ServerToClientEvents>();
ferry.on("connection", (socket) => {
  socket.on("signal", (flag, { deck, mast }) => {
    ferry.emit("signalled", flag, deck, { mast });
    // @ts-expect-error arguments in another order
    ferry.emit("signalled", flag, { mast }, deck);
    // @ts-expect-error an argument is missing
    ferry.emit("signalled", flag, deck);
  });
  socket.on("disembark", () => undefined);
  // @ts-expect-error an argument that does not come
  socket.on("disembark", (deck: string) => deck);
});

const lamp = new Server<Lamp.ClientToServerEvents, Lamp.ServerToClientEvents>();
lamp.on("connection", (socket) => {
  socket.on("lamp:watch", ({ lamp }, ack) => {
    ack(null, { lamp, lit: true });
    ack({ code: "gone" });
    // @ts-expect-error a refusal without a code
    ack({});
    // @ts-expect-error data of another type
    ack(null, { lamp, lit: "yes" });
  });
  socket.emit("lamp:lit", { lamp: "one", colour: "red", word: "w" }, ({ seen }) => {
    const yes: true = seen;
    // @ts-expect-error a field that no client answers
    seen.missing;
    console.log(yes);
  });
});
