// Runs the floor: a BFF that a person would write by hand for the heavy query alone: `node … floor-main.ts <stand-in> <port>`.
import { createServer } from 'node:http';
import { answerHeavy } from './floor/answer-heavy.ts';
import { createSubgraphs } from './floor/subgraphs.ts';

const [standIn = '', port = ''] = process.argv.slice(2);
const subgraphs = createSubgraphs(standIn);

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', async () => {
    let status = 200;
    let body: string;
    try {
      const { query }: { query: string } = JSON.parse(Buffer.concat(pieces).toString());
      const data = query.includes('Heavy')
        ? await answerHeavy(subgraphs, request.headers.authorization)
        : { __typename: 'Query' };
      body = JSON.stringify({ data });
    } catch (error) {
      status = 500;
      body = JSON.stringify({ errors: [{ message: String(error) }] });
    }
    const bytes = Buffer.from(body);
    response
      .writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
      .end(bytes);
  });
});
server.listen(Number(port), '127.0.0.1');
