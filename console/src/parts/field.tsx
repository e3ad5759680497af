// One field of a request, whatever its schema: a text, a number, a choice, a list, an object.
import { useState } from 'preact/hooks';
import type { Json } from '../json.ts';
import { FieldHelp, fieldId, FieldLabel, RemoveButton, type FieldProps } from './field_parts.tsx';
import { AlternativesField, ListField, ObjectField } from './nested_fields.tsx';
import { JsonField } from './json_field.tsx';

export function Field(props: FieldProps) {
  const { schema, value } = props;
  if (schema.oneOf) return <AlternativesField {...props} alternatives={schema.oneOf} />;
  if (schema.type === 'object' && schema.properties && fits(value, 'object'))
    return <ObjectField {...props} properties={schema.properties} />;
  if (schema.type === 'array' && schema.items && fits(value, 'array'))
    return <ListField {...props} items={schema.items} />;
  if (schema.const !== undefined) return null; // chosen with the alternative
  if (schema.type === undefined || schema.type === 'object' || schema.type === 'array' || isNested(value)) {
    return <JsonField {...props} />;
  }
  return <SimpleField {...props} />;
}

function fits(value: Json | undefined, type: 'object' | 'array'): boolean {
  return value === undefined || (isNested(value) && Array.isArray(value) === (type === 'array'));
}

function isNested(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

function SimpleField({ label, path, schema, value, isRequired, problems, onChange }: FieldProps) {
  const id = fieldId(path);
  const mine = problems.filter((problem) => problem.path === path);
  const common = {
    id,
    'aria-describedby': `${id}-help`,
    'aria-invalid': mine.some((problem) => !problem.isNote),
    'aria-required': isRequired,
  };
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return (
    <div class="field">
      <FieldLabel id={id} label={label} isRequired={isRequired} />
      <div class="field-row">
        {schema.enum || schema.type === 'boolean' ? (
          <Choice {...common} choices={schema.enum ?? [true, false]} value={value} onChange={onChange} />
        ) : isNumber ? (
          <NumberInput {...common} value={value} onChange={onChange} />
        ) : (
          <input
            {...common}
            {...kPlainInput}
            dir="auto"
            value={shown(value)}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
        )}
        {value !== undefined && <RemoveButton label={label} onRemove={() => onChange(undefined)} />}
      </div>
      <FieldHelp id={`${id}-help`} schema={schema} value={value} problems={mine} />
    </div>
  );
}

function shown(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is no number stays a text, for the server to refuse; nothing is no field. */
function numberOf(text: string): Json | undefined {
  if (text.trim() === '') return undefined;
  return /^\s*-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?\s*$/.test(text) ? Number(text) : text;
}

const kPlainInput = {
  type: 'text',
  placeholder: 'not sent',
  autocomplete: 'off',
  autocapitalize: 'off',
  spellcheck: false,
} as const;

interface NumberProps {
  id: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

/** Keeps the text as it is typed, "1.0" on the way to "1.05", as long as it means the value. */
function NumberInput({ value, onChange, ...rest }: NumberProps) {
  const [text, setText] = useState('');
  return (
    <input
      {...rest}
      {...kPlainInput}
      inputMode="decimal"
      class="short"
      value={numberOf(text) === value ? text : shown(value)}
      onInput={(event) => {
        setText(event.currentTarget.value);
        onChange(numberOf(event.currentTarget.value));
      }}
    />
  );
}

interface ChoiceProps {
  id: string;
  choices: Json[];
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

function Choice({ choices, value, onChange, ...rest }: ChoiceProps) {
  const index = value === undefined ? -1 : choices.indexOf(value);
  const isOther = value !== undefined && index < 0;
  return (
    <select
      {...rest}
      value={isOther ? 'other' : String(index)}
      onChange={(event) => onChange(choices[Number(event.currentTarget.value)])}
    >
      <option value="-1">not sent</option>
      {isOther && <option value="other">{shown(value)}</option>}
      {choices.map((choice, at) => (
        <option key={at} value={String(at)}>
          {shown(choice)}
        </option>
      ))}
    </select>
  );
}
