// socket.io as everybody would write it: rooms of two, a message is relayed to the other one and acknowledged. Nothing is stored.
//
//     node relay.cjs
//
// It prints one line of JSON when it listens, and stops at the end of its input, as `serving.py` does.
const { createServer } = require("node:http");
const { Server } = require("socket.io");

const http = createServer();
const relay = new Server(http, { transports: ["websocket"], pingInterval: 60000, pingTimeout: 60000 });

relay.on("connection", (socket) => {
  socket.on("join", (room, joined) => {
    socket.join(room);
    joined({ room });
  });
  socket.on("say", (said, stored) => {
    const at = Date.now();
    socket.to(said.conversation).emit("said", { ...said, at });
    stored({ client_id: said.client_id, at });
  });
});

http.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: http.address().port, pid: process.pid })));
process.stdin.on("end", () => process.exit(0)).resume();
