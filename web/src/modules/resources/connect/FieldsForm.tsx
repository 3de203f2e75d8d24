import { Button } from 'antd';
import { useState } from 'react';
import { FieldInput } from './FieldInput';
import { words } from './strings';
import type { Field, Values } from './values';

interface Props {
  fields: Field[];
  values: Values;
  change: (values: Values) => void;
  problems: Record<string, string>;
  kept: string[];
  path?: string;
}

/** The form of a connection, made of what its kind says of its fields. */
export function FieldsForm({ fields, values, change, problems, kept, path = '' }: Props) {
  const [open, setOpen] = useState(false);
  const basic = fields.filter((one) => one.basic);
  const rest = fields.filter((one) => !one.basic);
  const at = (name: string) => (path ? `${path}.${name}` : name);
  const asked = rest.some((one) => Object.keys(problems).some((place) => place === at(one.name) || place.startsWith(`${at(one.name)}.`)));
  const draw = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      path={at(field.name)}
      value={values[field.name]}
      change={(value) => change({ ...values, [field.name]: value })}
      problems={problems}
      kept={kept.includes(field.name)}
    />
  );
  const shown = open || asked;
  return (
    <>
      {basic.map(draw)}
      {shown && rest.map(draw)}
      {rest.length > 0 && !asked && (
        <p className="field-more">
          <Button type="link" size="small" aria-expanded={shown} onClick={() => setOpen(!open)}>
            {shown ? words.fewer : words.more}
          </Button>
        </p>
      )}
    </>
  );
}
