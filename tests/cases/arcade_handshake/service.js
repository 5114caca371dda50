// An arcade: whoever connects names a table of the game in the handshake, and sits at it from then on. Each player has a
// room of their own besides, which the service enters by itself.
const { createServer } = require("node:http");
const { createRequire } = require("node:module");
const path = require("node:path");
const { Server } = createRequire(path.join(__dirname, "../../peers/node/package.json"))("socket.io");

const lie = process.argv[2] || "";
const http = createServer();
const io = new Server(http);
const isTable = (value) => Number.isInteger(value) && value > 0;
const isPlayer = (value) => typeof value === "string" && /^p-[0-9a-z]{12}$/.test(value);

io.use((socket, next) => {
  const { table, player } = { ...socket.handshake.auth, ...socket.handshake.query };
  if (!isTable(table)) return next(new Error("SEAT: no table"));
  if (!isPlayer(player)) return next(new Error("SEAT: no player"));
  socket.data = { table, player };
  next();
});

io.on("connection", async (socket) => {
  const { table, player } = socket.data;
  const refuse = (why) => socket.emit("refused", { why });
  // The listeners come first: what takes a moment is looked up after that.
  socket.on("move", (move) => {
    if (typeof move?.x !== "number" || move.x < 0 || move.x > 100) return refuse("no move");
    const to = lie === "moves-go-to-all-tables" ? io : io.to(`table:${table}`);
    if (lie !== "moves-are-lost") to.emit("moved", { x: move.x, by: player });
  });
  socket.on("nudge", (nudge) => {
    if (!isPlayer(nudge?.player) || typeof nudge.text !== "string" || !nudge.text) return refuse("no player or text");
    const to = lie === "nudges-go-to-the-table" ? io.to(`table:${table}`) : io.to(`player:${nudge.player}`);
    to.emit("nudged", { player: nudge.player, text: nudge.text });
  });
  if (lie === "nobody-is-seated") return;
  await new Promise((done) => setTimeout(done, 20));
  socket.join(`player:${player}`);
  socket.join(`table:${table}`);
});

http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}`));
