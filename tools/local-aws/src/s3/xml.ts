import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { AwsError } from '../service.js';

/** A value of an XML document: text, a list (the element repeated), an element with children, nothing. */
export type XmlValue = string | number | boolean | undefined | XmlRaw | XmlValue[] | { readonly [name: string]: XmlValue };

/** Markup to be put in as it is. */
export interface XmlRaw {
  readonly raw: string;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** A whole document with S3's namespace. */
export function xmlDocument(root: string, content: { readonly [name: string]: XmlValue }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${children(content)}</${root}>`;
}

/** An element, without declaration and namespace. */
export function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  return `<${name}>${'raw' in value && typeof value.raw === 'string' ? value.raw : children(value as Record<string, XmlValue>)}</${name}>`;
}

function children(content: { readonly [name: string]: XmlValue }): string {
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('');
}

/** Control characters go as references, as S3 sends them: a parser would turn a bare carriage return into a line feed. */
function escapeXml(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what must be escaped
  return text.replace(/[&<>"'\u0000-\u001f\u007f]/g, (sign) => NAMED[sign] ?? `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`);
}

const NAMED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** A parsed element: its text, or its children by name (a list when there may be several, see `list`). */
export type XmlNode = string | { readonly [name: string]: XmlNode | XmlNode[] };

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false, removeNSPrefix: true, htmlEntities: true });

/** The content of the document's root, which must be `root`. Throws `MalformedXML`. */
export function parseXml(text: string, root: string): XmlNode {
  const malformed = new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema', 400);
  if (XMLValidator.validate(text) !== true) throw malformed;
  const parsed = parser.parse(text) as Record<string, XmlNode>;
  const node = parsed[root];
  if (node === undefined) throw malformed;
  return node;
}

/** The children of that name, none or many. */
export function list(node: XmlNode | undefined, name: string): XmlNode[] {
  if (node === undefined || typeof node === 'string') return [];
  const found = node[name];
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found as XmlNode];
}

/** The text of the child of that name. */
export function text(node: XmlNode | undefined, name: string): string | undefined {
  const [found] = list(node, name);
  return typeof found === 'string' ? found : undefined;
}
