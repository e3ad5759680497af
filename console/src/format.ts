// Numbers, times and foreign text for the reader.

export function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 10) return value.toFixed(1).replace(/\.0$/, '');
  return Math.round(value).toLocaleString('en-US');
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let rest = value;
  let unit = 0;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? rest : rest.toFixed(rest < 10 ? 1 : 0)} ${units[unit] ?? ''}`;
}

export function seconds(value: number): string {
  if (value < 0.001) return `${Math.round(value * 1e6)} µs`;
  if (value < 1) return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
  return `${value.toFixed(1)} s`;
}

const kUnits = [
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A length of time in its greatest whole unit: "7 days". */
export function duration(value: number): string {
  for (const [name, length] of kUnits) {
    const count = Math.floor(value / length);
    if (count >= 1) return plural(count, name);
  }
  return plural(Math.floor(value), 'second');
}

export function plural(count: number, name: string): string {
  return `${count.toLocaleString('en-US')} ${name}${count === 1 ? '' : 's'}`;
}

/** "2026-02-07 12:00:00" in the reader's time zone. */
export function localTime(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

export function utcTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000', '');
}

export interface TextPart {
  text: string;
  isControl: boolean; // `text` names a character that would be invisible or change the order
}

// Controls other than tab and line feed, soft hyphen, zero-width and directional ones, and the
// byte order mark.
const kControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

/** Foreign text in parts, so that characters that could deceive the reader can be shown by number. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  for (const character of text) {
    const isControl = kControls.test(character);
    const last = parts.at(-1);
    if (isControl) parts.push({ text: codePointName(character), isControl });
    else if (last && !last.isControl) last.text += character;
    else parts.push({ text: character, isControl });
  }
  return parts;
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
