import type { AnyClient, AnySource, AnyStream, AnyStreamOptions } from './any.js';
import { createClient } from './client.js';
import { connectHttp, type AnyConnectOptions } from './connection.js';
import type { AuthDeclaration, EndpointDeclaration, Endpoints, SourceDeclaration, StreamDeclaration } from './declaration.js';
import type { Source, SourceClient } from './source.js';
import { createStream } from './stream.js';

type AnyKey<U> = U extends unknown ? keyof U : never;
type Only<T, Known> = { readonly [N in keyof T]: { readonly [K in Exclude<keyof T[N], AnyKey<Known>>]: never } };
/** A misspelt member of an endpoint or a stream doesn't compile either, nor a name of an endpoint that there isn't. */
interface KnownMembers<E, S> {
  readonly endpoints: Only<E, EndpointDeclaration> & { readonly [N in keyof E]: { readonly foundBy?: keyof E & string } };
  readonly streams?: Only<S, AnyStream>;
}

/** A source from its declaration. Makes no call and reads no settings. */
export function defineSource<
  const A extends AuthDeclaration,
  const E extends Endpoints,
  const S extends Readonly<Record<string, StreamDeclaration<E>>> = Readonly<Record<never, never>>,
>(declaration: SourceDeclaration<A, E, S> & KnownMembers<NoInfer<E>, NoInfer<S>>): Source<A, E, S> {
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
