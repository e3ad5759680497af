// What all kinds of fields have: a label, help, problems, a way to leave the field out.
import type { Schema } from '../api_document.ts';
import type { Json } from '../json.ts';
import { byteLength, limitsOf, type Problem } from '../schema.ts';

export interface FieldProps {
  label: string;
  path: string;
  schema: Schema;
  value: Json | undefined; // undefined: the body does not have it
  isRequired: boolean;
  problems: Problem[]; // of the whole body
  onChange: (value: Json | undefined) => void;
}

export function fieldId(path: string): string {
  return `field-${path.replace(/[^\w]/g, '-')}`;
}

export function FieldLabel({ id, label, isRequired }: { id: string; label: string; isRequired: boolean }) {
  return (
    <label for={id} class="field-label">
      {label}
      {isRequired && <span class="required">required</span>}
    </label>
  );
}

export function RemoveButton({ label, onRemove }: { label: string; onRemove: () => void }) {
  return (
    <button
      type="button"
      class="quiet remove"
      title={`Leave ${label} out of the body`}
      aria-label={`Leave ${label} out`}
      onClick={onRemove}
    >
      ×
    </button>
  );
}

interface HelpProps {
  id: string;
  schema: Schema;
  value: Json | undefined;
  problems: Problem[];
}

export function FieldHelp({ id, schema, value, problems }: HelpProps) {
  const maxBytes = schema['x-max-bytes'];
  const used = maxBytes !== undefined && typeof value === 'string' ? ` (${byteLength(value)} used)` : '';
  const limits = limitsOf(schema);
  const aliases = schema['x-aliases'];
  return (
    <div id={id} class="field-help">
      {problems.map((problem) => (
        <p key={problem.text} class={problem.isNote ? 'field-note' : 'field-problem'}>
          {problem.text}
          {problem.code === undefined ? '' : ` The server would answer ${problem.code}.`}
        </p>
      ))}
      <p>
        {schema.description}
        {limits === '' ? '' : `${schema.description ? ' · ' : ''}${limits}${used}`}
        {aliases ? ` · also taken: ${aliases.join(', ')}` : ''}
      </p>
    </div>
  );
}
