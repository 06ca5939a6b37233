import { createHash } from 'node:crypto';
import { type ChunkSigning, hmac, sameText } from '../gateway/sigv4.js';
import { AwsError } from '../service.js';

/** The trailing headers of an `aws-chunked` body, filled in while it is read. */
export type Trailers = Record<string, string>;

const EMPTY_HASH = createHash('sha256').digest('hex');
const MAX_LINE_BYTES = 16 * 1024;

/**
 * Takes the framing of `Content-Encoding: aws-chunked` off: `hex-size[;chunk-signature=…]\r\n bytes \r\n …  0…\r\n trailers \r\n`
 * ("Signature calculations: transferring payload in multiple chunks", Amazon S3 API Reference).
 * With `signing` the chunks' and trailers' signatures are checked. Throws `IncompleteBody`, `SignatureDoesNotMatch`.
 */
export async function* decodeChunked(source: AsyncIterable<Buffer>, trailers: Trailers, signing?: ChunkSigning): AsyncGenerator<Buffer> {
  const input = createReader(source);
  const chain = signing === undefined ? undefined : createChain(signing);
  for (;;) {
    const [size, signature] = parseChunkHeader(await input.line());
    const hash = createHash('sha256');
    for (let left = size; left > 0;) {
      const piece = await input.upTo(left);
      if (chain) hash.update(piece);
      left -= piece.length;
      yield piece;
    }
    chain?.check('PAYLOAD', `${EMPTY_HASH}\n${hash.digest('hex')}`, signature);
    if (size === 0) break;
    if ((await input.line()) !== '') throw incomplete();
  }
  await readTrailers(input, trailers, chain);
}

async function readTrailers(input: Reader, trailers: Trailers, chain: Chain | undefined): Promise<void> {
  let signed = '';
  let signature: string | undefined;
  for (let line = await input.line(true); line !== ''; line = await input.line(true)) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'x-amz-trailer-signature') {
      signature = value;
      continue;
    }
    trailers[name] = value;
    signed += `${name}:${value}\n`;
  }
  if (signed !== '') chain?.check('TRAILER', createHash('sha256').update(signed).digest('hex'), signature);
}

function parseChunkHeader(line: string): [size: number, signature: string | undefined] {
  const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]+))?\s*$/i.exec(line);
  if (match === null) throw incomplete();
  return [Number.parseInt(match[1] as string, 16), match[2]];
}

interface Chain {
  check(kind: 'PAYLOAD' | 'TRAILER', hashes: string, signature: string | undefined): void;
}

/** Every signature covers the one before it. */
function createChain({ signingKey, amzDate, scope, seed }: ChunkSigning): Chain {
  let previous = seed;
  return {
    check(kind, hashes, signature) {
      const expected = hmac(signingKey, [`AWS4-HMAC-SHA256-${kind}`, amzDate, scope, previous, hashes].join('\n')).toString('hex');
      if (signature === undefined || !sameText(expected, signature)) {
        throw new AwsError('SignatureDoesNotMatch', 'The signature of a chunk of the body does not match.', 403);
      }
      previous = expected;
    },
  };
}

interface Reader {
  /** The next line without its end; at the end of the body an error, or with `orEnd` an empty line. */
  line(orEnd?: boolean): Promise<string>;
  /** At least one and at most `limit` bytes. */
  upTo(limit: number): Promise<Buffer>;
}

function createReader(source: AsyncIterable<Buffer>): Reader {
  const iterator = source[Symbol.asyncIterator]();
  let buffer: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { done, value } = await iterator.next();
    if (done) return false;
    buffer = buffer.length === 0 ? value : Buffer.concat([buffer, value]);
    return true;
  };
  const take = (length: number, skip = 0): Buffer => {
    const taken = buffer.subarray(0, length);
    buffer = buffer.subarray(length + skip);
    return taken;
  };
  return {
    async line(orEnd = false) {
      for (;;) {
        const end = buffer.indexOf('\r\n');
        if (end >= 0) return take(end, 2).toString('latin1');
        if (buffer.length > MAX_LINE_BYTES) throw incomplete();
        if (!(await more())) {
          if (orEnd && buffer.length === 0) return '';
          throw incomplete();
        }
      }
    },
    async upTo(limit) {
      if (buffer.length === 0 && !(await more())) throw incomplete();
      return take(Math.min(limit, buffer.length));
    },
  };
}

const incomplete = (): AwsError => new AwsError('IncompleteBody', 'The request body terminated unexpectedly', 400);
