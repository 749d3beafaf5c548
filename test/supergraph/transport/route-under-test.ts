// Starts a router before two raw subgraphs, so that a test sees what passes between a client and both of them.
import { compose } from '../../../supergraph/composition/compose.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { libraryTypeDefs, postTypeDefs, schemaOf } from '../fixtures/fixture-graph.ts';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';

export interface RouteUnderTest {
  url: string;
  /** Answers `{ books { id title } }`, or what a test tells it to. */
  library: RawServer;
  /** Answers `reservations` of two entities, or what a test tells it to. */
  post: RawServer;
  stop: () => Promise<void>;
}

/** What both subgraphs have to say, with `headers`. */
export const libraryAnswer =
  '{"data":{"books":[{"__typename":"Book","id":"1","title":"A"},{"__typename":"Book","id":"2","title":"B"}]}}';
export const postAnswer = '{"data":{"_entities":[{"reservations":1},{"reservations":2}]}}';

export async function startRoute(answerHeaders?: readonly string[]): Promise<RouteUnderTest> {
  const library = await startRawServer((_, response) => response.end(libraryAnswer));
  const post = await startRawServer((_, response) => response.end(postAnswer));
  const supergraph = compose([schemaOf('library', libraryTypeDefs), schemaOf('post', postTypeDefs)]);
  const urls: Record<string, string> = { library: library.url, post: post.url };
  const router = await startTestRouter(supergraph, {
    bff: defineBff({ name: 'test', port: 0, ...(answerHeaders && { forward: { answerHeaders } }) }),
    environment: {
      corsOrigins: ['https://shop.example', 'https://blog.example'],
      subgraphUrl: (name) => urls[name],
    },
  });
  return {
    url: router.url,
    library,
    post,
    stop: async () => {
      await router.stop();
      await library.stop();
      await post.stop();
    },
  };
}
