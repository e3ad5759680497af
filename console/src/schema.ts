// What a schema says of a value: whether the server would take it, and what to begin with.
import type { Schema } from './api_document.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

export interface Problem {
  path: string; // "MsgBody[0].MsgContent.Text"; "" for the whole body
  text: string;
  code?: number; // that the server would answer, if the schema names it
  isNote: boolean; // a note does not make the server refuse the value
}

export function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

export function itemPath(path: string, index: number): string {
  return `${path}[${index}]`;
}

export function check(schema: Schema, value: Json, path = ''): Problem[] {
  if (schema.oneOf) return checkAlternatives(schema.oneOf, value, path);
  const problem = (text: string): Problem[] => {
    const code = schema['x-error-code'];
    return [{ path, text, isNote: false, ...(code === undefined ? {} : { code }) }];
  };
  const limit = limitText(schema, value);
  if (limit !== undefined) return problem(limit);
  if (schema.properties && isObject(value)) return checkMembers(schema, schema.properties, value, path);
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((item, index) => check(items, item, itemPath(path, index))) : [];
  }
  return [];
}

function checkMembers(schema: Schema, properties: Record<string, Schema>, value: JsonObject, path: string): Problem[] {
  const problems: Problem[] = [];
  const known = new Set<string>();
  for (const [name, member] of Object.entries(properties)) {
    const spelling = spellingIn(name, properties, value);
    for (const each of [name, ...(member['x-aliases'] ?? [])]) known.add(each);
    const given = value[spelling];
    if (given !== undefined) {
      problems.push(...check(member, given, memberPath(path, spelling)));
    } else if (schema.required?.includes(name)) {
      const code = member['x-error-code'];
      problems.push({
        path: memberPath(path, name),
        text: 'This field is required.',
        isNote: false,
        ...(code === undefined ? {} : { code }),
      });
    }
  }
  for (const name of Object.keys(value)) {
    if (known.has(name)) continue;
    problems.push({ path: memberPath(path, name), text: 'The server does not know this field.', isNote: true });
  }
  return problems;
}

function checkAlternatives(alternatives: Schema[], value: Json, path: string): Problem[] {
  const chosen = alternatives[alternativeOf(alternatives, value)];
  if (chosen) return check(chosen, value, path);
  const names = alternatives.map(alternativeName).join(', ');
  return [{ path, text: `This has to be one of: ${names}.`, isNote: false }];
}

/**
 * The spelling of a field that `object` has: its name, or one of its aliases. An alias that is the
 * name of another field (ToGroupid may be called To_Account) is left to that one.
 */
export function spellingIn(name: string, properties: Record<string, Schema>, object: JsonObject): string {
  if (object[name] !== undefined) return name;
  const aliases = properties[name]?.['x-aliases'] ?? [];
  return aliases.find((alias) => object[alias] !== undefined && !(alias in properties)) ?? name;
}

/** Which alternative `value` means, by type and constant members; -1: none. */
export function alternativeOf(alternatives: Schema[], value: Json): number {
  return alternatives.findIndex((alternative) => {
    if (typeText(alternative, value) !== undefined) return false;
    return Object.entries(constantsOf(alternative)).every(
      ([name, constant]) => isObject(value) && value[name] === constant,
    );
  });
}

function constantsOf(schema: Schema): JsonObject {
  const constants: JsonObject = {};
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (member.const !== undefined) constants[name] = member.const;
  }
  return constants;
}

export function alternativeName(schema: Schema): string {
  const constant = Object.values(constantsOf(schema))[0];
  return constant === undefined ? (schema.type ?? 'any JSON') : String(constant);
}

/** A value to begin with: the documented sample, or what is required. */
export function starterOf(schema: Schema): Json {
  if (schema.const !== undefined) return schema.const;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.oneOf?.[0]) return starterOf(schema.oneOf[0]);
  switch (schema.type) {
    case 'object': {
      const members: JsonObject = {};
      for (const name of schema.required ?? []) {
        const member = schema.properties?.[name];
        if (member) members[name] = starterOf(member);
      }
      return members;
    }
    case 'array':
      return schema.items && schema.minItems ? [starterOf(schema.items)] : [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return false;
    default:
      return '';
  }
}

const kTypeNames = {
  object: 'an object { … }',
  array: 'a list [ … ]',
  string: 'a text in quotes',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

function typeText({ type }: Schema, value: Json): string | undefined {
  if (type === undefined) return undefined;
  const actual = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  const fits = type === 'integer' ? Number.isInteger(value) : actual === type;
  return fits ? undefined : `This has to be ${kTypeNames[type]}.`;
}

/** What is wrong with the value itself, its members and items aside. */
function limitText(schema: Schema, value: Json): string | undefined {
  const wrongType = typeText(schema, value);
  if (wrongType !== undefined) return wrongType;
  if (schema.const !== undefined && value !== schema.const) return `This has to be ${JSON.stringify(schema.const)}.`;
  if (schema.enum && !schema.enum.includes(value)) return `This has to be one of: ${schema.enum.join(', ')}.`;
  if (typeof value === 'number') return numberText(schema, value);
  if (typeof value === 'string') return stringText(schema, value);
  if (Array.isArray(value)) return countText(schema, value.length);
  return undefined;
}

function numberText({ minimum, maximum }: Schema, value: number): string | undefined {
  if (minimum !== undefined && maximum !== undefined && (value < minimum || value > maximum)) {
    return minimum === maximum ? `This has to be ${minimum}.` : `This has to be from ${minimum} to ${maximum}.`;
  }
  if (minimum !== undefined && value < minimum) return `This has to be at least ${minimum}.`;
  if (maximum !== undefined && value > maximum) return `This has to be at most ${maximum}.`;
  return undefined;
}

function stringText(schema: Schema, value: string): string | undefined {
  const { minLength, maxLength, pattern, 'x-max-bytes': maxBytes } = schema;
  const length = [...value].length;
  if (minLength !== undefined && length < minLength) {
    return minLength === 1 ? 'This must not be empty.' : `This needs at least ${minLength} characters.`;
  }
  if (maxBytes !== undefined) {
    const bytes = byteLength(value);
    if (bytes > maxBytes) return `This has ${bytes} bytes in UTF-8; at most ${maxBytes} are taken.`;
  } else if (maxLength !== undefined && length > maxLength) {
    return maxLength === 0
      ? 'This must be absent or empty.'
      : `This has ${length} characters; at most ${maxLength} are taken.`;
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    return `This has to match the pattern ${pattern}.`;
  }
  return undefined;
}

function countText({ minItems, maxItems }: Schema, count: number): string | undefined {
  if (minItems !== undefined && count < minItems) {
    return minItems === 1 ? 'This list must not be empty.' : `This list needs at least ${minItems} entries.`;
  }
  if (maxItems !== undefined && count > maxItems)
    return `This list has ${count} entries; at most ${maxItems} are taken.`;
  return undefined;
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The limits in a few words, "1 to 32 bytes"; "" if there are none. */
export function limitsOf(schema: Schema): string {
  const range = (from: number | undefined, to: number | undefined, unit: string): string => {
    if (from !== undefined && to !== undefined) return from === to ? `${from}${unit}` : `${from} to ${to}${unit}`;
    if (to !== undefined) return `at most ${to}${unit}`;
    return from === undefined ? '' : `at least ${from}${unit}`;
  };
  const atLeast = (count: number | undefined) => (count === 0 ? undefined : count);
  switch (schema.type) {
    case 'integer':
    case 'number':
      return range(schema.minimum, schema.maximum, '');
    case 'string': {
      const maxBytes = schema['x-max-bytes'];
      if (maxBytes !== undefined) return range(atLeast(schema.minLength), maxBytes, ' bytes');
      return schema.maxLength === undefined ? '' : range(atLeast(schema.minLength), schema.maxLength, ' characters');
    }
    case 'array':
      return schema.maxItems === undefined ? '' : range(atLeast(schema.minItems), schema.maxItems, ' entries');
    default:
      return '';
  }
}
