// The official client on Node. Usage: node socketio_client.mjs PORT SOCKETS ROOMS SECONDS; speaks as floor.c does.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../tests/peers/node/package.json", import.meta.url));
const { io } = require("socket.io-client");
const [port, sockets, rooms, seconds] = process.argv.slice(2).map(Number);
let delivered = 0;

function open(number) {
  return new Promise((resolve, reject) => {
    const options = { transports: ["websocket"], forceNew: true, reconnection: false };
    const socket = io(`http://127.0.0.1:${port}`, options);
    const sosId = `bench-${number % rooms}`;
    socket.on("message:broadcast", () => { delivered += 1; });
    socket.on("connect_error", reject);
    socket.on("connect", () => {
      socket.emit("sos:room:join", { sosId });
      socket.timeout(20_000).emit("participants:active:request", { sosId }, (error) => (error ? reject(error) : resolve()));
    });
  });
}

for (let from = 0; from < sockets; from += 50) {
  await Promise.all(Array.from({ length: Math.min(50, sockets - from) }, (_, i) => open(from + i)));
}
console.log("ready");
createInterface({ input: process.stdin }).once("line", () => {
  delivered = 0;
  const before = process.cpuUsage();
  const began = process.hrtime.bigint();
  setTimeout(() => {
    const used = process.cpuUsage(before);
    const wall = Number(process.hrtime.bigint() - began) / 1e9;
    const cpu = (used.user + used.system) / 1e6;
    const rss = Math.round(process.resourceUsage().maxRSS);
    console.log(JSON.stringify({ deliveries: delivered, cpu_s: cpu, wall_s: wall, rss_kb: rss }));
    process.exit(0);
  }, seconds * 1000);
});
