// Owns `npm run mock`: what a BFF's clients see, answered from its schema alone, with made-up data that a seed repeats.
import '../foundation/environment.ts';

import { readEnvironment } from '../foundation/environment.ts';
import { runProcess } from '../router/run-process.ts';
import { readMockFlags } from './read-mock-flags.ts';
import { readMockedBff } from './read-mocked-bff.ts';
import { startMock } from './start-mock.ts';

await runProcess(async () => {
  const { bff: file, port, seed } = readMockFlags(process.argv.slice(2));
  const bff = await readMockedBff(file);
  const environment = readEnvironment();
  return startMock(bff, { host: environment.host, port: port ?? environment.port ?? bff.port, seed });
});
