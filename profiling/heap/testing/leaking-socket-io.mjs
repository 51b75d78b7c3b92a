/** A Socket.IO program that forgets nobody, `node leaking-socket-io.mjs FOLDER leak`, or everybody who left (`clean`). */
import { EventEmitter } from 'node:events';
import { Server } from 'socket.io';
import { listen } from './snapshot-endpoint.mjs';

const [, , folder = '.', how = 'clean'] = process.argv;
const leaks = how === 'leak';

class Visitor {
  constructor(id, name) {
    this.id = id;
    this.name = name;
  }
}

class Presence {
  online = new Map();
}

const presence = new Presence();
const news = new EventEmitter().setMaxListeners(0);
const io = new Server(
  listen(folder, (_, response) => {
    response.statusCode = 404;
    response.end();
  }),
);

io.on('connection', (socket) => {
  presence.online.set(socket.id, new Visitor(socket.id, socket.handshake.query.name));
  function onNews(text) {
    socket.emit('news', text);
  }
  news.on('published', onNews);
  socket.on('hello', (answer) => answer(presence.online.size));
  socket.on('disconnect', () => {
    if (leaks) return;
    presence.online.delete(socket.id);
    news.off('published', onNews);
  });
});
