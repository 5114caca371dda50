// A board for tenants: each has a namespace of its own, `/tenant-` and the number of the tenant, which exists once a
// socket asks for it.
const { createServer } = require("node:http");
const { createRequire } = require("node:module");
const path = require("node:path");
const { Server } = createRequire(path.join(__dirname, "../../peers/node/package.json"))("socket.io");

const lie = process.argv[2] || "";
const http = createServer();
const io = new Server(http);
const isText = (value) => typeof value === "string" && value !== "";

const tenants = io.of(/^\/tenant-[1-9][0-9]*$/);
tenants.on("connection", (socket) => {
  const nsp = socket.nsp;
  const refuse = (why) => socket.emit("refused", { why });
  socket.on("board:open", (payload, ack) => {
    if (!isText(payload?.board)) return refuse("no board");
    socket.join(`board:${payload.board}`);
    if (typeof ack === "function") ack({ board: payload.board });
  });
  socket.on("card:pin", (payload) => {
    if (!isText(payload?.board) || !isText(payload?.card)) return refuse("no board or card");
    const all = lie === "tenants-share-their-boards" ? [...io._nsps.values()] : [nsp];
    for (const one of all) one.to(`board:${payload.board}`).emit("card:pinned", { board: payload.board, card: payload.card });
  });
  socket.on("notice", (payload) => {
    if (!isText(payload?.text)) return refuse("no text");
    const all = lie === "notices-reach-all-tenants" ? [...io._nsps.values()] : [nsp];
    for (const one of all) one.emit("noticed", { text: payload.text });
  });
});

http.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${http.address().port}`));
