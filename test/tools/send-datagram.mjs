// Sends standard input as one UDP datagram, from inside a network namespace that a test cannot enter itself, and prints when
// (ms since 1970): node send-datagram.mjs ADDRESS PORT LOCAL-ADDRESS TTL
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';

const [address, port, local, ttl] = process.argv.slice(2);
const socket = createSocket('udp4');
socket.bind(0, local, () => {
  socket.setMulticastInterface(local);
  socket.setMulticastTTL(Number(ttl));
  socket.send(readFileSync(0), Number(port), address, () => {
    console.log(Date.now());
    socket.close();
  });
});
