// A field of any shape, as JSON text. While the text is not JSON the body keeps the last good value.
import { useEffect, useState } from 'preact/hooks';
import { pretty, type Json } from '../json.ts';
import { FieldHelp, fieldId, FieldLabel, type FieldProps } from './field_parts.tsx';

export function JsonField({ label, path, schema, value, isRequired, problems, onChange }: FieldProps) {
  const id = fieldId(path);
  const [text, setText] = useState(value === undefined ? '' : pretty(value));
  const [error, setError] = useState('');
  useEffect(() => {
    const isSame = error === '' && text !== '' && JSON.stringify(parse(text)) === JSON.stringify(value);
    if (!isSame) setText(value === undefined ? '' : pretty(value));
    setError('');
  }, [JSON.stringify(value)]);
  const edit = (next: string) => {
    setText(next);
    if (next.trim() === '') return onChange(undefined);
    const parsed = parse(next);
    setError(parsed === undefined ? 'This is not JSON yet; the body keeps the last value that was.' : '');
    if (parsed !== undefined) onChange(parsed);
  };
  return (
    <div class="field">
      <FieldLabel id={id} label={`${label} (JSON)`} isRequired={isRequired} />
      <textarea
        id={id}
        rows={4}
        spellcheck={false}
        value={text}
        aria-describedby={`${id}-help`}
        onInput={(event) => edit(event.currentTarget.value)}
      />
      {error && <p class="field-problem">{error}</p>}
      <FieldHelp
        id={`${id}-help`}
        schema={schema}
        value={value}
        problems={problems.filter((problem) => problem.path === path)}
      />
    </div>
  );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
