// Runs a server that does nothing but send, to every GET, what somebody else has answered: `node … null-server-main.ts <recording> <port>`.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseRecording, type Recording } from './recording.ts';

const [file = '', port = ''] = process.argv.slice(2);
const ready = Buffer.from('{"data":{"__typename":"Query"}}');
// It starts before there is anything to send.
let recording: Recording | undefined;

const server = createServer((request, response) => {
  if (request.method !== 'GET') {
    request.resume();
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': ready.length })
      .end(ready);
    return;
  }
  if (recording === undefined) {
    if (!existsSync(file))
      return void response.writeHead(503).end('{"errors":[{"message":"Nothing was recorded."}]}');
    recording = parseRecording(readFileSync(file, 'utf8'));
  }
  response.writeHead(recording.status, recording.headers).end(recording.body);
});
server.listen(Number(port), '127.0.0.1');
