import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** What is sent back. A body that is a stream is read only when it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Gives back what the body holds (open files); called once, whether it was sent or not. */
  release?(): void;
}

/** Sends the answer; resolves when the client has it all or has gone. */
export async function sendAnswer(response: ServerResponse, answer: Answer, now: number): Promise<void> {
  const { body } = answer;
  const headers: Record<string, string> = { date: new Date(now).toUTCString(), ...answer.headers };
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
    const bytes = Buffer.from(body ?? '');
    // A HEAD answer announces the length of a body it does not have.
    if (answer.status !== 204 && answer.status !== 304) headers['content-length'] ??= String(bytes.length);
    response.writeHead(answer.status, headers);
    response.end(bytes);
    return;
  }
  response.writeHead(answer.status, headers);
  await pipeline(body, response);
}
