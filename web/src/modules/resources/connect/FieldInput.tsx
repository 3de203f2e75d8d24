import { Button, Checkbox, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { FieldsForm } from './FieldsForm';
import { words } from './strings';
import { startValues, type Field, type Values } from './values';

interface Props {
  field: Field;
  path: string;
  value: unknown;
  change: (value: unknown) => void;
  problems: Record<string, string>;
  kept: boolean;
}

/** One field with its title, its help, and what is wrong with it. */
export function FieldInput(props: Props) {
  const { field, path, problems } = props;
  const problem = problems[path];
  const id = `field-${path}`;
  if (field.shape === 'group' || field.shape === 'groups' || field.shape === 'rows') {
    return (
      <fieldset className="field-group">
        <legend>
          {field.title}
          {field.help && <small>{field.help}</small>}
        </legend>
        {problem && <small className="red">{problem}</small>}
        {field.shape === 'group' ? <Group {...props} /> : <Many {...props} />}
      </fieldset>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        {field.title}
        {field.required && <i aria-hidden="true">*</i>}
      </label>
      <div>
        <Plain {...props} id={id} />
        {(problem ?? field.help) && <small className={problem ? 'red' : undefined}>{problem ?? field.help}</small>}
      </div>
    </div>
  );
}

function Group({ field, path, value, change, problems }: Props) {
  return <FieldsForm fields={field.fields} values={value as Values} change={change} problems={problems} kept={[]} path={path} />;
}

function Many({ field, path, value, change, problems }: Props) {
  const all = value as Values[];
  const put = (at: number, one: Values) => change(all.map((old, place) => (place === at ? one : old)));
  return (
    <>
      {all.map((one, at) => (
        <div className="field-one" key={at}>
          {field.shape === 'groups' && (
            <div className="field">
              <label htmlFor={`field-${path}-${at}`}>{words.name}</label>
              <div className="row">
                <Input
                  id={`field-${path}-${at}`}
                  style={{ flex: 1 }}
                  maxLength={100}
                  value={String(one[''] ?? '')}
                  onChange={(event) => put(at, { ...one, '': event.target.value })}
                />
                {all.length > 1 && <Remove act={() => change(all.filter((_, place) => place !== at))} />}
              </div>
            </div>
          )}
          <FieldsForm fields={field.fields} values={one} change={(values) => put(at, values)} problems={problems} kept={[]} path={`${path}.${at}`} />
          {field.shape === 'rows' && all.length > 1 && <Remove act={() => change(all.filter((_, place) => place !== at))} />}
        </div>
      ))}
      <Button size="small" onClick={() => change([...all, startValues(field.fields)])}>
        {words.add}
      </Button>
    </>
  );
}

function Remove({ act }: { act: () => void }) {
  return (
    <Button size="small" onClick={act}>
      {words.remove}
    </Button>
  );
}

function Plain({ field, value, change, problems, path, kept, id }: Props & { id: string }): ReactNode {
  const bad = problems[path] ? { status: 'error' as const, 'aria-invalid': true } : {};
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const typed = (event: { target: { value: string } }) => change(event.target.value);
  switch (field.shape) {
    case 'boolean':
      return <Checkbox id={id} checked={Boolean(value)} onChange={(event) => change(event.target.checked)} />;
    case 'choice':
      return (
        <Select
          id={id}
          style={{ width: '100%' }}
          value={text}
          onChange={change}
          options={field.choices.map((one) => ({ value: one, label: words.choices[one] ?? one }))}
        />
      );
    case 'secret':
      return <Input.Password id={id} {...bad} autoComplete="new-password" placeholder={kept ? words.kept : ''} value={text} onChange={typed} />;
    case 'long':
      return <Input.TextArea id={id} {...bad} rows={3} autoComplete="off" spellCheck={false} placeholder={kept ? words.kept : ''} value={text} onChange={typed} />;
    case 'pairs':
    case 'json':
      return (
        <Input.TextArea
          id={id}
          {...bad}
          autoSize={{ minRows: 2, maxRows: 8 }}
          spellCheck={false}
          placeholder={field.shape === 'pairs' ? words.pairsHint : words.jsonHint}
          value={text}
          onChange={typed}
        />
      );
    case 'texts':
      return <Select id={id} mode="tags" open={false} style={{ width: '100%' }} placeholder={words.listHint} value={(value ?? []) as string[]} onChange={change} />;
    default:
      return (
        <Input
          id={id}
          {...bad}
          autoComplete="off"
          spellCheck={false}
          {...(field.shape === 'integer' ? { inputMode: 'numeric' as const, style: { width: 140 } } : {})}
          value={text}
          onChange={typed}
        />
      );
  }
}
