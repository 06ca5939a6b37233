import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { invalidRequest } from './errors.js';
import { crc32c, createCrc64 } from './crc.js';
import type { ChecksumName } from './types.js';

export const CHECKSUMS: readonly ChecksumName[] = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'];

const LENGTH: Record<ChecksumName, number> = { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 };

/** A checksum under way. */
export interface ChecksumStream {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export function createChecksum(name: ChecksumName): ChecksumStream {
  switch (name) {
    case 'crc32':
      return crcStream((bytes, value) => crc32(bytes, value));
    case 'crc32c':
      return crcStream(crc32c);
    case 'crc64nvme':
      return createCrc64();
    case 'sha1':
    case 'sha256':
      return createHash(name);
  }
}

function crcStream(next: (bytes: Uint8Array, value: number) => number): ChecksumStream {
  let value = 0;
  return {
    update(bytes) {
      value = next(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value >>> 0);
      return bytes;
    },
  };
}

/** The algorithm that `x-amz-checksum-algorithm` names. Throws `InvalidRequest`. */
export function checksumName(algorithm: string): ChecksumName {
  const name = CHECKSUMS.find((one) => one === algorithm.toLowerCase());
  if (name === undefined)
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  return name;
}

/** Throws `InvalidRequest` when the value can't be a checksum of that algorithm. */
export function checkChecksumValue(name: ChecksumName, value: string): void {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== LENGTH[name] || bytes.toString('base64') !== value)
    throw invalidRequest(`Value for x-amz-checksum-${name} header is invalid.`);
}

/** The checksum that the request's headers declare, the value undefined when it comes as a trailer. Throws `InvalidRequest` for more than one. */
export function declaredChecksum(headers: Readonly<Record<string, string | undefined>>): { name: ChecksumName; value?: string } | undefined {
  const given = CHECKSUMS.filter((name) => headers[`x-amz-checksum-${name}`] !== undefined);
  if (given.length > 1) throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  const [name] = given;
  if (name !== undefined) {
    const value = headers[`x-amz-checksum-${name}`] as string;
    checkChecksumValue(name, value);
    return { name, value };
  }
  const trailer = /x-amz-checksum-(\w+)/i.exec(headers['x-amz-trailer'] ?? '')?.[1];
  return trailer === undefined ? undefined : { name: checksumName(trailer) };
}

/** The checksum of a multipart object made of its parts' checksums: "Checking object integrity", Amazon S3 User Guide. */
export function compositeChecksum(name: ChecksumName, partChecksums: readonly string[]): string {
  const whole = createChecksum(name);
  partChecksums.forEach((value) => whole.update(Buffer.from(value, 'base64')));
  return `${whole.digest().toString('base64')}-${partChecksums.length}`;
}
