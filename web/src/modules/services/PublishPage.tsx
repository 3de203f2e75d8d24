import { Button, Form, Input, InputNumber, Radio, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { asApiError } from '@/api/errors';
import { useDataset } from '@/modules/catalogue/queries';
import { ErrorNote } from '@/ui/ErrorState';
import { Load } from '@/ui/Load';
import { Page } from '@/ui/Page';
import { declarationOf, kinds, slots, type Values } from './publishing';
import { DatasetChoice } from './DatasetChoice';
import { usePublish } from './queries';
import { FigureRows } from './FigureRows';
import { kindNotes, kindWords, slotWords, words } from './strings';
import './services.css';

export function Component() {
  const [search, setSearch] = useSearchParams();
  const dataset = search.get('dataset') ?? '';
  return (
    <Page title={words.publish} note={words.publishNote} up={{ to: '/services', title: words.title }}>
      <div className="publish">
        <label className="publish-label" htmlFor="publish-dataset">
          {words.dataset}
        </label>
        <DatasetChoice id="publish-dataset" value={dataset} choose={(name) => setSearch(name ? { dataset: name } : {}, { replace: true })} />
        {dataset ? <Declare key={dataset} dataset={dataset} /> : <p className="dim">{words.chooseDataset}</p>}
      </div>
    </Page>
  );
}

function Declare({ dataset }: { dataset: string }) {
  const found = useDataset(dataset);
  return (
    <Load query={found}>
      {(detail) => <Declaration dataset={dataset} items={detail.dataset.items.map((one) => ({ value: one.name, label: `${one.title} ${one.name}` }))} />}
    </Load>
  );
}

interface Item {
  value: string;
  label: string;
}

function Declaration({ dataset, items }: { dataset: string; items: Item[] }) {
  const [kind, setKind] = useState<Values['kind']>('key');
  const publish = usePublish();
  const navigate = useNavigate();
  const send = (values: Values) =>
    publish.mutate(declarationOf(dataset, values), { onSuccess: ({ name }) => void navigate(`/services/${name}`) });
  return (
    <Form<Values>
      layout="vertical"
      requiredMark={false}
      initialValues={{ kind: 'key', per_minute: 600, smallest_group: 5 }}
      onValuesChange={(_, all) => setKind(all.kind)}
      onFinish={send}
    >
      <Form.Item name="kind" label={words.kind} extra={kindNotes[kind]}>
        <Radio.Group optionType="button" options={kinds.map((value) => ({ value, label: kindWords[value] }))} />
      </Form.Item>
      <Form.Item name="title" label={words.serviceTitle} rules={[{ required: true, message: words.needServiceTitle }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item
        name="name"
        label={words.serviceName}
        extra={words.serviceNameNote}
        rules={[{ required: true, pattern: /^[a-z][a-z0-9_]*$/, message: words.badName }]}
      >
        <Input maxLength={60} prefix="/data/" autoComplete="off" />
      </Form.Item>
      <Form.Item name="summary" label={words.what}>
        <Input maxLength={500} />
      </Form.Item>
      {slots[kind].map(({ name, needed }) => (
        <Form.Item
          key={name}
          name={name}
          label={slotWords[name]}
          rules={needed ? [{ required: true, message: words.needItems }] : []}
        >
          <Select mode="multiple" options={items} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
      ))}
      {kind === 'aggregate' && <FigureRows items={items} />}
      <Form.Item name="per_minute" label={words.limit}>
        <InputNumber min={1} max={1_000_000} precision={0} />
      </Form.Item>
      {publish.isError && <ErrorNote error={asApiError(publish.error)} />}
      <Button type="primary" htmlType="submit" loading={publish.isPending}>
        {words.publishNow}
      </Button>
    </Form>
  );
}
