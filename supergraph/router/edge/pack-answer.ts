// Owns sending answers packed to whoever asks for it: in which way, from which size on, and those that are kept only once.
import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip } from 'node:zlib';

type Encoding = 'br' | 'gzip' | 'deflate';
type Pack = (body: Buffer) => Promise<Buffer>;

// Zlib itself rather than @fastify/compress: its hook costs those who ask for nothing packed 0.03 ms each, what is longer
// than some KB takes it thrice as long (20 KB: 0.8 ms and 0.3), and nothing that it has packed can be had again. Brotli's
// quality 4 takes as long as gzip does, and makes less of it; 11, which is Node's own, takes 100 times as long.
const packers: Readonly<Record<Encoding, Pack>> = {
  br: (body) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 4,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  gzip: (body) => promisify(gzip)(body),
  deflate: (body) => promisify(deflate)(body),
};
/** Where a client likes several as much. */
const preferred: readonly Encoding[] = ['br', 'gzip', 'deflate'];
/** Less than that goes in one packet of the network either way. */
const least = 1_024;

export interface PackedBody {
  encoding: Encoding;
  body: Buffer;
}

/**
 * What is secret in an answer cannot be guessed from how long it is packed: that takes asking again and again in the viewer's
 * name, and no other site can make a browser do so, since tokens are headers.
 */
export class AnswerPacker {
  /** They go when what they were made of goes. */
  readonly #kept = new WeakMap<Buffer, Map<Encoding, Promise<Buffer>>>();

  /**
   * undefined where the body is to go as it is: it is short, or the client did not ask for another form. `isKept`: the
   * same Buffer will be asked for again.
   */
  pack(
    accepted: string | undefined,
    body: string | Buffer,
    isKept = false,
  ): Promise<PackedBody | undefined> | undefined {
    if (accepted === undefined || body.length < least) return undefined;
    const encoding = chooseEncoding(accepted);
    return encoding && this.#packed(encoding, body, isKept);
  }

  async #packed(encoding: Encoding, body: string | Buffer, isKept: boolean): Promise<PackedBody | undefined> {
    const packed = isKept && typeof body !== 'string' ? this.#remembered(encoding, body) : undefined;
    const making = packed ?? packers[encoding](typeof body === 'string' ? Buffer.from(body) : body);
    // Without memory for it the answer goes as it is.
    const made = await making.catch(() => undefined);
    return made && made.length < body.length ? { encoding, body: made } : undefined;
  }

  #remembered(encoding: Encoding, body: Buffer): Promise<Buffer> {
    const known = this.#kept.get(body) ?? new Map<Encoding, Promise<Buffer>>();
    this.#kept.set(body, known);
    const found = known.get(encoding) ?? packers[encoding](body);
    known.set(encoding, found);
    return found;
  }
}

/** What a packed answer says of itself: other bytes than those that a strong tag stands for. */
export function packedHeaders(
  headers: Iterable<readonly [name: string, value: string]>,
  { encoding }: PackedBody,
): (readonly [name: string, value: string])[] {
  let varies = false;
  const lines = [...headers].map(([name, value]) => {
    if (name === 'etag' && !value.startsWith('W/')) return [name, `W/${value}`] as const;
    if (name !== 'vary' || varies) return [name, value] as const;
    varies = true;
    const isSaid = value.split(',').some((one) => one.trim().toLowerCase() === 'accept-encoding');
    return [name, isSaid ? value : `${value}, accept-encoding`] as const;
  });
  if (!varies) lines.push(['vary', 'accept-encoding']);
  return [...lines, ['content-encoding', encoding]];
}

/** undefined where the client likes none of them, or the unpacked form best. */
function chooseEncoding(accepted: string): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const part of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((one) => one.trim());
    const said = parameters.find((one) => one.startsWith('q='))?.slice(2);
    const weight = said === undefined ? 1 : /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(said) ? Number(said) : 0;
    weights.set(name === 'x-gzip' ? 'gzip' : name, weight);
  }
  const others = weights.get('*') ?? 0;
  const weightOf = (name: string) => weights.get(name) ?? others;
  let best: Encoding | undefined;
  for (const name of preferred) {
    if (weightOf(name) > (best === undefined ? 0 : weightOf(best))) best = name;
  }
  return best !== undefined && weightOf(best) >= (weights.get('identity') ?? 0) ? best : undefined;
}
