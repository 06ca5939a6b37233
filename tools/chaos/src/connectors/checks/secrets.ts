import { gunzipSync } from 'node:zlib';
import { inspect } from 'node:util';
import type { Run } from '../attempts.js';
import { canaries } from '../world.js';
import type { Check } from './check.js';

const { spotifyClientId: id, spotifyClientSecret: secret, ticketmasterApiKey: key } = canaries;
const forms = [secret, key].flatMap((text) => [
  text,
  encodeURIComponent(text),
  new URLSearchParams({ s: text }).toString().slice(2),
  JSON.stringify(text).slice(1, -1),
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
]);
/** Everything that would let somebody in: also both halves of a Basic header, and the access tokens of the simulator. */
const secrets: readonly RegExp[] = [
  ...[...new Set([...forms, Buffer.from(`${id}:${secret}`).toString('base64')])].map(
    (text) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
  ),
  /canary/,
  /BQ[A-Za-z0-9_-]{40,}/,
];

/** All that a run wrote or said, by where. */
function* everything({ lake, state, sink, logger, attempts }: Run): Generator<readonly [where: string, text: string]> {
  for (const [name, { body, options }] of lake.objects) {
    const bytes = name.endsWith('.gz') || options.contentEncoding === 'gzip' ? gunzipSync(body) : Buffer.from(body);
    yield [`lake ${name}`, bytes.toString('utf8')];
  }
  for (const { key: name, value } of state.history) yield [`state ${name}`, JSON.stringify(value)];
  for (const { dataType, part, records } of sink.batches) yield [`${dataType} batch ${part}`, records.map(({ json }) => json).join('\n')];
  for (const { message, fields } of logger.lines)
    yield [`log "${message.slice(0, 60)}"`, `${message} ${inspect(fields, { depth: 20, maxStringLength: Infinity })}`];
  for (const [index, { report }] of attempts.entries()) yield [`report ${index + 1}`, JSON.stringify(report)];
}

export const secrecy: readonly Check[] = [
  {
    name: 'no secret is in anything that was written or logged',
    behaviours: [4, 24],
    find(run) {
      const found = new Set<string>();
      for (const [where, text] of everything(run)) {
        const leak = secrets.find((pattern) => pattern.test(text));
        if (leak) found.add(`a secret (${leak.source.slice(0, 12)}…) is in: ${where}`);
      }
      return [...found].slice(0, 5);
    },
  },
];
