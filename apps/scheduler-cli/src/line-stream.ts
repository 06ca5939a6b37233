import { Writable } from 'node:stream';

/** A stream that hands on what is written to it line by line. */
export class LineStream extends Writable {
  constructor(private readonly say: (line: string) => void) {
    super({ decodeStrings: false });
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.say(String(chunk).trimEnd());
    done();
  }
}
