import { FatalError } from '@loadin/pipeline';

export interface LinkContext {
  /** For messages: `Setlist API`. */
  readonly title: string;
  readonly baseUrl: string;
  /** The parameter that the transport adds to every call by itself: a service may repeat it in its links. */
  readonly authParameter?: string;
}

/** `<https://api.example.com/shows?page=2>; rel="next", <…>; rel="last"` (RFC 8288 §3): the target of a relation. */
export function headerLink(header: string | undefined, relation: string): string | undefined {
  for (const [, target, parameters = ''] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(parameters) ?? [];
    if ((quoted ?? bare ?? '').toLowerCase().split(/\s+/).includes(relation)) return target;
  }
  return undefined;
}

/**
 * The path and query of a link, below the base URL. Throws `FatalError` for a link to anywhere else: whoever is there would get the credentials.
 */
export function pathBelow(link: string, current: string, { title, baseUrl, authParameter }: LinkContext): string {
  const base = new URL(baseUrl);
  const folder = base.pathname.replace(/\/+$/, '');
  const here = `${base.origin}${folder}${current}`;
  const url = URL.canParse(link, here) ? new URL(link, here) : undefined;
  if (url === undefined || url.origin !== base.origin || !`${url.pathname}/`.startsWith(`${folder}/`))
    throw new FatalError(`${title} sends the next page to ${url === undefined ? 'something that is no address' : `${url.origin}${url.pathname}`}`, {
      where: `${base.origin}${folder}`,
      hint: 'Only links below the base URL are followed, because others could get the credentials. Check the base URL that is set.',
    });
  if (authParameter !== undefined) url.searchParams.delete(authParameter);
  return `${url.pathname.slice(folder.length)}${url.search}`;
}
