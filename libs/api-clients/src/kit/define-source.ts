import type { AnyClient, AnySource, AnyStreamOptions } from './any.js';
import { createClient } from './client.js';
import { connectHttp, type AnyConnectOptions } from './connection.js';
import type { AuthDeclaration, Endpoints, SourceDeclaration, StreamDeclaration } from './declaration.js';
import type { Source, SourceClient } from './source.js';
import { createStream } from './stream.js';

/** A source from its declaration. Makes no call and reads no settings. */
export function defineSource<
  const A extends AuthDeclaration,
  const E extends Endpoints,
  const S extends Readonly<Record<string, StreamDeclaration<E>>> = Readonly<Record<never, never>>,
>(declaration: SourceDeclaration<A, E, S>): Source<A, E, S> {
  const source = declaration as unknown as AnySource;
  const connect = (options: AnyConnectOptions = {}): AnyClient =>
    createClient(source, connectHttp(source, options), options.baseUrl ?? source.baseUrl);
  return {
    name: declaration.name,
    declaration,
    connect: connect as unknown as (...options: unknown[]) => SourceClient<E>,
    stream: (name, options) => createStream(source, name, options as unknown as AnyStreamOptions) as never,
  };
}
