// Owns the floor's way to subgraphs: one pool of connections, undici's dispatch, JSON in and out.
import { type Dispatcher, Pool } from 'undici';

/** The `data` of an answer; rejects when there is none, or errors beside it. */
export type Ask = <Data>(
  subgraph: string,
  query: string,
  variables: object,
  authorization: string | undefined,
) => Promise<Data>;

export function createSubgraphs(address: string): Ask {
  const pool = new Pool(address, { connections: 256, pipelining: 1 });
  return (subgraph, query, variables, authorization) =>
    new Promise((resolve, reject) => {
      pool.dispatch(
        {
          method: 'POST',
          path: `/${subgraph}/graphql`,
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            ...(authorization !== undefined && { authorization }),
          },
          body: JSON.stringify({ query, variables }),
        },
        collect(resolve, reject),
      );
    });
}

function collect<Data>(
  resolve: (data: Data) => void,
  reject: (error: Error) => void,
): Dispatcher.DispatchHandler {
  const pieces: Buffer[] = [];
  let status = 0;
  return {
    onRequestStart() {},
    onResponseStart(_, code) {
      status = code;
    },
    onResponseData(_, piece) {
      pieces.push(piece);
    },
    onResponseEnd() {
      try {
        const whole = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
        const { data, errors } = JSON.parse(String(whole));
        if (status !== 200 || errors !== undefined) throw new Error(`a subgraph answers ${status}`);
        resolve(data);
      } catch (error) {
        reject(error as Error);
      }
    },
    onResponseError: (_, error) => reject(error),
  };
}
