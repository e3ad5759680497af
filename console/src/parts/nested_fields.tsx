// Fields that hold other fields.
import type { ComponentChildren } from 'preact';
import type { Schema } from '../api_document.ts';
import { isObject, withItem, withMember, type Json } from '../json.ts';
import { alternativeName, alternativeOf, itemPath, memberPath, spellingIn, starterOf } from '../schema.ts';
import { Field } from './field.tsx';
import { FieldHelp, fieldId, FieldLabel, RemoveButton, type FieldProps } from './field_parts.tsx';
import { JsonField } from './json_field.tsx';

/** The members of an object, without a frame; the whole body is shown like this. */
export function MemberFields({
  properties,
  schema,
  value,
  path,
  problems,
  onChange,
}: Pick<FieldProps, 'schema' | 'path' | 'problems'> & {
  properties: Record<string, Schema>;
  value: Json | undefined;
  onChange: (value: Json) => void;
}) {
  const object = isObject(value) ? value : {};
  return (
    <>
      {Object.entries(properties).map(([name, member]) => {
        const spelling = spellingIn(name, properties, object);
        return (
          <Field
            key={name}
            label={spelling}
            path={memberPath(path, spelling)}
            schema={member}
            value={object[spelling]}
            isRequired={schema.required?.includes(name) ?? false}
            problems={problems}
            onChange={(next) => onChange(withMember(object, spelling, next))}
          />
        );
      })}
    </>
  );
}

interface FrameProps extends FieldProps {
  children?: ComponentChildren;
}

/** A frame with a title, or a button to add the field if the body does not have it. */
function Frame({ label, path, schema, value, isRequired, problems, onChange, children }: FrameProps) {
  const id = fieldId(path);
  const mine = problems.filter((problem) => problem.path === path);
  return (
    <fieldset class="field nested" aria-describedby={`${id}-help`}>
      <legend>
        <span class="field-label">
          {label}
          {isRequired && <span class="required">required</span>}
        </span>
        {value === undefined ? (
          <button
            type="button"
            class="quiet"
            id={id}
            aria-label={`Add ${label}`}
            onClick={() => onChange(starterOf(schema))}
          >
            Add
          </button>
        ) : (
          <RemoveButton label={label} onRemove={() => onChange(undefined)} />
        )}
      </legend>
      <FieldHelp id={`${id}-help`} schema={schema} value={value} problems={mine} />
      {value !== undefined && children}
    </fieldset>
  );
}

export function ObjectField(props: FieldProps & { properties: Record<string, Schema> }) {
  return (
    <Frame {...props}>
      <MemberFields {...props} />
    </Frame>
  );
}

export function ListField(props: FieldProps & { items: Schema }) {
  const { label, path, items, value, problems, onChange } = props;
  const list = Array.isArray(value) ? value : [];
  return (
    <Frame {...props}>
      {list.map((item, index) => (
        <Field
          key={index}
          label={`${label} ${index + 1}`}
          path={itemPath(path, index)}
          schema={items}
          value={item}
          isRequired={false}
          problems={problems}
          onChange={(next) => onChange(withItem(list, index, next))}
        />
      ))}
      <button type="button" class="quiet" onClick={() => onChange([...list, starterOf(items)])}>
        Add an entry to {label}
      </button>
    </Frame>
  );
}

export function AlternativesField(props: FieldProps & { alternatives: Schema[] }) {
  const { label, path, schema, alternatives, value, problems, onChange } = props;
  if (value === undefined) return <Frame {...props} />;
  const index = alternativeOf(alternatives, value);
  const chosen = alternatives[index];
  const id = `${fieldId(path)}-alternative`;
  return (
    <fieldset class="field nested">
      <legend>
        <FieldLabel id={id} label={label} isRequired={props.isRequired} />
        <select
          id={id}
          value={String(index)}
          onChange={(event) => {
            const next = alternatives[Number(event.currentTarget.value)];
            if (next) onChange(starterOf(next));
          }}
        >
          {index < 0 && <option value="-1">something else</option>}
          {alternatives.map((alternative, at) => (
            <option key={at} value={String(at)}>
              {alternativeName(alternative)}
            </option>
          ))}
        </select>
        <RemoveButton label={label} onRemove={() => onChange(undefined)} />
      </legend>
      {schema.description && <p class="field-help">{schema.description}</p>}
      {!chosen && <JsonField {...props} />}
      {chosen?.properties && (
        <MemberFields
          schema={chosen}
          properties={chosen.properties}
          value={value}
          path={path}
          problems={problems}
          onChange={onChange}
        />
      )}
      {chosen && !chosen.properties && <Field {...props} schema={chosen} />}
    </fieldset>
  );
}
