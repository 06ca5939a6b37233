import { join } from 'node:path';
import * as ts from 'typescript';
import type { Kind, Shape } from './shape.fixture.js';

export const spotifyTypes = join(import.meta.dirname, '../spotify/types.ts');
export const ticketmasterTypes = join(import.meta.dirname, '../ticketmaster/types.ts');

/** The exported interfaces of a TypeScript file, as the compiler understands them. */
export function typedShapes(file: string): Map<string, Shape> {
  const program = ts.createProgram([file], { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es5.d.ts'], types: [] });
  const source = program.getSourceFile(file);
  const errors = program.getSemanticDiagnostics(source);
  if (source === undefined || errors.length > 0)
    throw new Error(`${file}: ${errors.map(({ messageText }) => String(messageText)).join('; ') || 'not found'}`);
  const checker = program.getTypeChecker();
  const shapes = new Map<string, Shape>();
  for (const node of source.statements) {
    if (ts.isInterfaceDeclaration(node)) shapes.set(node.name.text, shapeOf(checker, checker.getTypeAtLocation(node)));
  }
  return shapes;
}

function shapeOf(checker: ts.TypeChecker, type: ts.Type, optional = false): Shape {
  const parts = type.isUnion() ? type.types : [type];
  const values = parts.filter(({ flags }) => (flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) === 0);
  const objects = values.filter((part) => kindOf(checker, part) === 'object');
  const array = values.find((part) => kindOf(checker, part) === 'array');
  const words = values.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
  const [object] = objects;
  if (objects.length > 1) throw new Error(`${checker.typeToString(type)}: a union of objects is not understood`);
  const keyed = object && checker.getIndexInfoOfType(object, ts.IndexKind.String);
  return {
    kinds: new Set(values.flatMap((part) => kindOf(checker, part) ?? [])),
    nullable: parts.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0),
    optional,
    ...(object?.symbol && object.symbol.name !== '__type' && isInterface(object) && { name: object.symbol.name }),
    ...(words.length > 0 && words.length === values.length && { words }),
    fields: new Map(object === undefined || keyed !== undefined ? [] : fieldsOf(checker, object)),
    ...(keyed && { values: shapeOf(checker, keyed.type) }),
    ...(array && { items: shapeOf(checker, elementOf(checker, array)) }),
  };
}

function fieldsOf(checker: ts.TypeChecker, object: ts.Type): [string, Shape][] {
  return checker.getPropertiesOfType(object).map((property) => {
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    return [property.name, shapeOf(checker, checker.getTypeOfSymbol(property), optional)];
  });
}

/** Undefined for a type parameter: anything. */
function kindOf(checker: ts.TypeChecker, type: ts.Type): Kind | undefined {
  const { flags } = type;
  if (flags & ts.TypeFlags.TypeParameter) return undefined;
  if (flags & ts.TypeFlags.StringLike) return 'string';
  if (flags & ts.TypeFlags.NumberLike) return 'number';
  if (flags & ts.TypeFlags.BooleanLike) return 'boolean';
  if (type.isIntersection()) return type.types.map((part) => kindOf(checker, part)).find((kind) => kind !== 'object'); // `string & {}`
  if (checker.isArrayType(type)) return 'array';
  if (flags & ts.TypeFlags.Object) return 'object';
  throw new Error(`${checker.typeToString(type)}: not a type of JSON`);
}

function elementOf(checker: ts.TypeChecker, array: ts.Type): ts.Type {
  const [element] = checker.getTypeArguments(array as ts.TypeReference);
  if (element === undefined) throw new Error(`${checker.typeToString(array)}: an array of what?`);
  return element;
}

const isInterface = (type: ts.Type): boolean => (type.symbol.flags & ts.SymbolFlags.Interface) !== 0;
