import { openSecrets, readSettings, type Environment, type Secret, type Settings } from '@loadin/config';
import { systemClock, type Clock } from '@loadin/pipeline';
import { line, type CheckLine } from '../check-line.js';
import { checkSources } from '../check-sources.js';
import { connect } from '../connect.js';
import { secretReader } from '../secrets.js';
import type { SourceContext } from '../sources.js';

/** Sources that are asked with a key or a client's secret. */
export type ApiSource = 'spotify' | 'ticketmaster' | 'payments' | 'shipments';

export interface TryCredentialOptions {
  readonly environment: Environment;
  readonly source: ApiSource;
  /** Of Spotify the client's secret, of the others the key. Default: what the settings say, read anew. */
  readonly value?: string;
  readonly clock?: Clock;
}

/** One call to a source, as a run makes it: does it take this credential? Nothing is written; the call counts in the source's own quota alone. Throws `ConfigurationError`. */
export async function tryCredential({ environment, source, value, clock = systemClock }: TryCredentialOptions): Promise<CheckLine> {
  const settings = readSettings(environment, [source]);
  const aws = connect(environment);
  try {
    const secrets = openSecrets(secretReader(aws), { clock });
    return await ask(source, { settings: value === undefined ? settings : withCredential(settings, source, value), secrets, clock });
  } finally {
    await aws.close();
  }
}

/** How rows are stored does not matter to who asks for one page. */
const AS_IT_IS = { contract: 'evolve' as const, max_rejected: 0, expect: [] };

async function ask(source: ApiSource, context: SourceContext): Promise<CheckLine> {
  if (source === 'payments' || source === 'shipments') {
    const { checkApi } = await import('../entities/check-entities.js');
    const id = source === 'payments' ? 'payments.payments' : 'shipments.shipments';
    return line(source, () => checkApi({ id, options: AS_IT_IS }, { ...context, sinkOptions: {} }));
  }
  for await (const found of checkSources([source], context)) return found;
  throw new RangeError(`no check for ${source}`);
}

function withCredential(settings: Settings, source: ApiSource, value: string): Settings {
  const secret: Secret = { kind: 'plain', reveal: () => value };
  const { spotify, ticketmaster, payments, shipments } = settings;
  if (source === 'spotify') return { ...settings, ...(spotify && { spotify: { ...spotify, clientSecret: secret } }) };
  if (source === 'ticketmaster') return { ...settings, ...(ticketmaster && { ticketmaster: { ...ticketmaster, apiKey: secret } }) };
  if (source === 'payments') return { ...settings, ...(payments && { payments: { ...payments, apiKey: secret } }) };
  return { ...settings, ...(shipments && { shipments: { ...shipments, apiKey: secret } }) };
}
