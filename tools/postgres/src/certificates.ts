import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** PEM texts. */
export interface Certificates {
  /** The authority's certificate: who trusts it trusts the server. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for these names and addresses, signed by an authority made for it (RFC 5280, P-256), valid from 2020 to 2049. */
export function certificates(names: readonly string[]): Certificates {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = 'Loadin specifications';
  const ca = certificate({ subject: issuer, issuer, publicKey: authority.publicKey, signer: authority.privateKey, extensions: [isAuthority] });
  const own = certificate({
    subject: names[0] ?? 'server',
    issuer,
    publicKey: server.publicKey,
    signer: authority.privateKey,
    extensions: [alternativeNames(names)],
  });
  return { ca, certificate: own, key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
}

interface Statement {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}

function certificate({ subject, issuer, publicKey, signer, extensions }: Statement): string {
  const body = sequence(
    tagged(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])), // serial number
    ecdsaWithSha256,
    name(issuer),
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z'))),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, signer);
  const bytes = sequence(body, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** One value of DER: tag, length, content. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const tagged = (tag: number, content: Buffer): Buffer => der(tag, content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const name = (commonName: string): Buffer => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(commonName)))));
const extension = (hex: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(hex), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
const isAuthority = extension('551d13', sequence(der(0x01, Buffer.from([0xff]))), true);
const alternativeNames = (names: readonly string[]): Buffer =>
  extension(
    '551d11',
    sequence(...names.map((each) => (isIP(each) === 4 ? der(0x87, Buffer.from(each.split('.').map(Number))) : der(0x82, Buffer.from(each))))),
  );
