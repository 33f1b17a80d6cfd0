import { z } from 'zod';
import type { FormField, FormList, Words } from '#shared/platform-form';

/** What people are told of a configuration field, beside its schema. */
export interface FieldHelp {
  label: Words;
  help: Words;
  section?: FormField['section'];
  /** What counts where it is left empty. */
  default?: Words;
  /** A choice's values in words. */
  choices?: Readonly<Record<string, Words>>;
  from?: { list: FormList; kind?: 'staff' | 'visitor' };
}

const helps = z.registry<FieldHelp>();

/** A field's schema with what a form says about it. The schema is returned as it is. */
export function told<S extends z.ZodType>(schema: S, help: FieldHelp): S {
  helps.add(schema, help);
  return schema;
}

/**
 * A platform's configuration as the fields of a form, in the schema's order (pure). Throws for a field nobody has described: the unit test asks
 * every platform, so that none reaches a screen.
 */
export function describeForm({ config, secrets }: { config: z.ZodType; secrets: readonly string[] }): FormField[] {
  return describe(config, '', secrets, true);
}

function describe(schema: z.ZodType, prefix: string, secrets: readonly string[], parentRequired: boolean): FormField[] {
  if (!(schema instanceof z.ZodObject)) throw new Error(`the configuration at "${prefix}" is no object`);
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, outer]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const optional = outer instanceof z.ZodOptional;
    const inner = optional ? (outer.unwrap() as z.ZodType) : outer;
    // `kind` is what the form is for, not in it.
    if (inner instanceof z.ZodLiteral) return [];
    if (inner instanceof z.ZodObject) return describe(inner, path, secrets, parentRequired && !optional);
    const help = helps.get(outer) ?? helps.get(inner);
    if (help === undefined) throw new Error(`nobody has described the field "${path}"`);
    return [
      {
        path,
        ...(secrets.includes(path) ? { kind: 'secret' as const, min: null, max: null } : shapeOf(inner, path)),
        required: parentRequired && !optional,
        section: help.section ?? 'connection',
        label: help.label,
        help: help.help,
        default: help.default ?? null,
        choices: choicesOf(inner, help, path),
        from: help.from === undefined ? null : { kind: null, ...help.from },
      },
    ];
  });
}

function shapeOf(schema: z.ZodType, path: string): Pick<FormField, 'kind' | 'min' | 'max'> {
  const open = { min: null, max: null };
  if (schema instanceof z.ZodNumber) return { kind: 'number', min: schema.minValue, max: schema.maxValue };
  if (schema instanceof z.ZodBoolean) return { kind: 'flag', ...open };
  if (schema instanceof z.ZodEnum) return { kind: 'choice', ...open };
  if (schema instanceof z.ZodArray)
    return { kind: schema.element instanceof z.ZodNumber ? 'numbers' : 'texts', ...open };
  if (schema instanceof z.ZodURL) return { kind: 'url', ...open };
  if (schema instanceof z.ZodString) return { kind: 'text', ...open };
  throw new Error(`a form cannot ask for the field "${path}"`);
}

function choicesOf(schema: z.ZodType, { choices = {} }: FieldHelp, path: string): FormField['choices'] {
  if (!(schema instanceof z.ZodEnum)) return [];
  return schema.options.map(String).map((value) => {
    const label = choices[value];
    if (label === undefined) throw new Error(`nobody has described the choice "${value}" of the field "${path}"`);
    return { value, label };
  });
}
