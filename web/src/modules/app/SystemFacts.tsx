import { DataTable } from '@/ui/DataTable';
import { Load } from '@/ui/Load';
import { Section } from '@/ui/Page';
import { Tag } from '@/ui/StateTag';
import { useSystemFacts } from './queries';
import { words } from './strings';

export function FactsSections() {
  const facts = useSystemFacts();
  return (
    <Load query={facts} lines={6}>
      {(found) => (
        <>
          <Section title={words.settings} note={words.settingsNote}>
            <DataTable
              label={words.settings}
              rows={found.settings}
              rowKey={(one) => one.name}
              columns={[
                {
                  title: words.setting,
                  width: 260,
                  cell: (one) => <code>{one.name}</code>,
                },
                {
                  title: words.value,
                  wrap: true,
                  cell: (one) => (
                    <span className="row">
                      {one.value ? <code >{one.value}</code> : <span className="dim">{words.unset}</span>}
                      {one.own && <Tag tone="plain">{words.own}</Tag>}
                    </span>
                  ),
                },
                { title: words.meaning, wrap: true, cell: (one) => one.meaning },
              ]}
            />
          </Section>
          <Section title={words.parts}>
            <DataTable
              label={words.parts}
              rows={found.parts}
              rowKey={(one) => one.name}
              columns={[
                { title: words.part, width: 260, cell: (one) => one.name },
                { title: words.version, cell: (one) => <code>{one.version}</code> },
              ]}
            />
          </Section>
        </>
      )}
    </Load>
  );
}
