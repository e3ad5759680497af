// JSON values, and changes to them that leave the rest as it is, also the order of members.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `object` with one member set, or removed if `value` is undefined. */
export function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const members = new Map(Object.entries(object));
  if (value === undefined) members.delete(name);
  else members.set(name, value);
  return Object.fromEntries(members);
}

/** `array` with one item replaced, or removed if `value` is undefined. */
export function withItem(array: Json[], index: number, value: Json | undefined): Json[] {
  const items = [...array];
  if (value === undefined) items.splice(index, 1);
  else items[index] = value;
  return items;
}

export type Parsed = { value: JsonObject; error?: undefined } | { value?: undefined; error: string };

/** The text of a request's body; the error is a sentence for the reader. */
export function parseBody(text: string): Parsed {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return { error: `This is not JSON: ${(error as Error).message}.` };
  }
  if (!isObject(value)) return { error: 'A body is a JSON object: { … }.' };
  return { value };
}

export function pretty(value: Json): string {
  return JSON.stringify(value, null, 2);
}

/** The text indented, or as it is if it is not JSON. */
export function prettyText(text: string): string {
  try {
    return pretty(JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
