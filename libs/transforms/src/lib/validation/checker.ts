import { getMetadataStorage, ValidationTypes, type ValidationArguments } from 'class-validator';
import { listTypeOf } from './nested.js';

type RecordClass = new () => object;
type Checker = (value: Readonly<Record<string, unknown>>) => boolean;
type Predicate = (value: unknown) => boolean;

interface Field {
  name: string;
  optional: boolean;
  predicates: Predicate[];
}

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

const checkers = new Map<RecordClass, Checker>();

/**
 * A quick yes or no for a record class: its decorators' own predicates, looked up once in class-validator's metadata instead of at every record.
 * It understands what the record classes use (predicates on the value alone, `IsOptional`, `ListOf`) and refuses to be made for anything else.
 */
export function checkerFor(type: RecordClass): Checker {
  const known = checkers.get(type);
  if (known) return known;
  const made = compile(type);
  checkers.set(type, made);
  return made;
}

function compile(type: RecordClass): Checker {
  const fields = fieldsOf(type);
  return (value) => {
    for (const field of fields) {
      const fieldValue = value[field.name];
      if (field.optional && (fieldValue === null || fieldValue === undefined)) continue;
      for (const holds of field.predicates) if (!holds(fieldValue)) return false;
    }
    return true;
  };
}

function fieldsOf(type: RecordClass): Field[] {
  const fields = new Map<string, Field>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    const name = metadata.propertyName;
    const field = fields.get(name) ?? { name, optional: false, predicates: [] };
    fields.set(name, field);
    if (metadata.name === 'isOptional') field.optional = true;
    else field.predicates.push(...predicatesOf(type, metadata));
  }
  return [...fields.values()];
}

function predicatesOf(type: RecordClass, metadata: Metadata): Predicate[] {
  if (metadata.type === ValidationTypes.NESTED_VALIDATION) return [listPredicate(type, metadata.propertyName)];
  if (metadata.type !== ValidationTypes.CUSTOM_VALIDATION || metadata.each || metadata.validateIf) {
    throw new TypeError(`${type.name}.${metadata.propertyName}: no quick check is known for ${metadata.name ?? metadata.type}`);
  }
  const { propertyName: property, constraints } = metadata;
  const args = { targetName: type.name, property, constraints } as ValidationArguments;
  return getMetadataStorage()
    .getTargetValidatorConstraints(metadata.constraintCls)
    .map(
      ({ instance }) =>
        (value) =>
          instance.validate(value, args) === true,
    );
}

function listPredicate(type: RecordClass, property: string): Predicate {
  const item = listTypeOf(type, property);
  if (!item) throw new TypeError(`${type.name}.${property}: a nested list needs @ListOf(() => Type)`);
  const check = checkerFor(item);
  return (value) => (value as Record<string, unknown>[]).every(check);
}
