import type { EndpointDeclaration, ParamWords } from './declaration.js';
import type { List, One } from './shape.js';

type Simple<T> = { [K in keyof T]: T[K] };
type Placeholders<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Value<W> = W extends `string${string}` ? string : W extends `number${string}` ? number : boolean;
type Optional<W extends ParamWords> = { [N in keyof W]: W[N] extends `${string}?` ? N : never }[keyof W];

type Declared<W> = W extends 'any'
  ? { readonly [name: string]: string | number | boolean | undefined }
  : W extends ParamWords
    ? { readonly [N in Exclude<keyof W, Optional<W>>]: Value<W[N]> } & { readonly [N in Optional<W>]?: Value<W[N]> }
    : unknown;
type SinceParameter<D> = D extends { readonly paging: { readonly kind: 'since'; readonly parameter: infer P extends string } }
  ? { readonly [N in P]?: string | number }
  : unknown;

/** The parameters of a call: what the path has in braces, what `params` says, and `since`. */
export type ParamsOf<D extends EndpointDeclaration> = Simple<
  { readonly [N in Placeholders<D['path']>]: string | number } & Declared<D['params']> & SinceParameter<D>
>;

type OrNull<D> = D extends { readonly absent: readonly string[] } | { readonly optional: string } ? null : never;

export type ValueOf<D> = D extends { readonly answer: One<infer T> } ? T | OrNull<D> : never;
export type ItemOf<D> = D extends { readonly answer: List<infer Item, unknown> } ? Item : never;
export type BodyOf<D> = D extends { readonly answer: List<unknown, infer Body> } ? Body | OrNull<D> : never;

export type IsSince<D> = D extends { readonly paging: { readonly kind: 'since' } } ? true : false;

/** Parameters may be left out when none is needed. */
export type CallArguments<D extends EndpointDeclaration, Options> =
  Partial<ParamsOf<D>> extends ParamsOf<D> ? [params?: ParamsOf<D>, options?: Options] : [params: ParamsOf<D>, options?: Options];
