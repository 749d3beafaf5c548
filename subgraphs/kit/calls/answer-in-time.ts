// Owns not answering whoever waits no longer: routers say in `tributary-timeout` how many milliseconds they do.
import type { RouteHandlerMethod } from 'fastify';

const late = Symbol('late');
/** Timers know no longer ones. */
const mostPatience = 2 ** 31 - 1;

/** The same answers, and 504 where there is none in time; what was begun is brought to its end all the same. */
export function answerInTime(answer: RouteHandlerMethod): RouteHandlerMethod {
  return async function (request, reply) {
    const patience = patienceOf(request.headers['tributary-timeout']);
    if (patience === undefined) return answer.call(this, request, reply);
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<typeof late>((resolve) => {
      timer = setTimeout(resolve, patience, late);
    });
    try {
      const body = await Promise.race([answer.call(this, request, reply), isLate]);
      if (body !== late) return body;
      const message = 'There was not enough time for an answer.';
      return reply.code(504).send({ errors: [{ message, extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
    } finally {
      clearTimeout(timer);
    }
  };
}

/** Milliseconds; undefined where nothing is said, or nothing that can be understood. */
function patienceOf(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^[1-9]\d{0,15}$/.test(header)) return undefined;
  return Math.min(Number(header), mostPatience);
}
