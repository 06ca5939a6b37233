/** Redirects of one request that are followed. APIs that redirect at all do it once. */
export const maxRedirects = 3;

/**
 * Where a redirect leads, when it may be followed: the same scheme, host and port. Another one would get the credentials, or would answer in
 * the service's name. A parameter that carries the credential is left out: it is added to each attempt anew.
 */
export function sameOriginTarget(location: string | undefined, from: string, secretParameter?: string): string | undefined {
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  const target = new URL(location, from);
  if (target.origin !== new URL(from).origin || target.username !== '' || target.password !== '') return undefined;
  if (secretParameter !== undefined && target.searchParams.has(secretParameter)) target.searchParams.delete(secretParameter);
  target.hash = '';
  return target.href;
}
