import { Button, Form, Input, InputNumber, Select } from 'antd';
import { functionWords, words } from './strings';

const functions = Object.entries(functionWords).map(([value, label]) => ({ value, label }));

/** The figures of an aggregate service: what is told of each group. */
export function FigureRows({ items }: { items: { value: string; label: string }[] }) {
  return (
    <>
      <Form.List name="figures" initialValue={[{ function: 'count', title: words.figureDefault, name: 'total' }]}>
        {(fields, { add, remove }) => (
          <Form.Item label={words.figure}>
            {fields.map((field) => (
              <div key={field.key} className="figure-row">
                <Form.Item name={[field.name, 'title']} rules={[{ required: true, message: words.needFigure }]} noStyle>
                  <Input aria-label={words.name} placeholder={words.name} />
                </Form.Item>
                <Form.Item name={[field.name, 'name']} rules={[{ required: true, pattern: /^[a-z][a-z0-9_]*$/, message: words.badName }]} noStyle>
                  <Input aria-label={words.code} placeholder={words.code} />
                </Form.Item>
                <Form.Item name={[field.name, 'function']} noStyle>
                  <Select aria-label={words.figure} options={functions} />
                </Form.Item>
                <Form.Item name={[field.name, 'item']} noStyle>
                  <Select aria-label={words.item} options={items} allowClear placeholder={words.allRows} />
                </Form.Item>
                <Button onClick={() => remove(field.name)}>{words.remove}</Button>
              </div>
            ))}
            <Button onClick={() => add({ function: 'sum' })}>{words.addFigure}</Button>
          </Form.Item>
        )}
      </Form.List>
      <Form.Item name="smallest_group" label={words.smallest}>
        <InputNumber min={1} precision={0} />
      </Form.Item>
    </>
  );
}
