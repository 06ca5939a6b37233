import { formatOf } from '../feeds/format-of.js';
import { codecOf } from '../parquet/compression.js';
import { createRowEncoder, type RowEncoder } from '../row-encoder.js';
import type { EncoderSetup } from './messages.js';

export function encoderOf({ format, compression, compressionLevel, ...rest }: EncoderSetup): RowEncoder {
  return createRowEncoder({ ...rest, format: formatOf(format), codec: codecOf(compression, compressionLevel) });
}
