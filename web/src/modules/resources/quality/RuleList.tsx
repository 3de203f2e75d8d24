import { Input, Select } from 'antd';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { count, percentUp } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Tag } from '@/ui/StateTag';
import { useDimensions, useRules, type RuleWanted } from './queries';
import { words } from './strings';

type Rule = Schemas['RuleGrade'];

interface Props {
  wanted: RuleWanted;
  titles: Map<string, string>;
  set: (changes: Partial<RuleWanted>) => void;
}

/** What fails most, over all datasets; each leads to its rows. */
export function RuleList({ wanted, titles, set }: Props) {
  const found = useRules(wanted);
  const dimensions = useDimensions(wanted.agency).data ?? [];
  const rules = found.data?.pages.flatMap((page) => page.rules) ?? [];
  const narrowed = Boolean(wanted.text || wanted.dimension || wanted.agency);
  const options = dimensions.map((one) => ({
    value: one.dimension,
    label: `${one.dimension} ${words.failingOf(one.rules_failed, one.rules)}`,
  }));
  return (
    <>
      <div className="filters">
        <Select
          aria-label={words.dimensions}
          style={{ width: 240 }}
          value={wanted.dimension}
          onChange={(dimension) => set({ dimension })}
          options={[{ value: '', label: words.allDimensions }, ...options]}
        />
        <Input
          style={{ width: 240 }}
          allowClear
          aria-label={words.findRule}
          placeholder={words.findRule}
          value={wanted.text}
          onChange={(event) => set({ text: event.target.value })}
        />
      </div>
      <Load query={found} lines={12}>
        {() => (
          <DataTable
            label={words.rule}
            rows={rules}
            rowKey={(one) => `${one.dataset}/${one.rule}`}
            to={toRule}
            more={found.hasNextPage ? { load: () => void found.fetchNextPage(), loading: found.isFetchingNextPage } : null}
            empty={<EmptyState title={words.noRules} text={narrowed ? words.noMatchText : words.noRulesText} />}
            columns={[
              {
                title: words.ruleTitle,
                cell: (one) => (
                  <span className="row">
                    <Link to={toRule(one)}>{one.title}</Link>
                    {one.strong && <Tag tone="red">{words.strong}</Tag>}
                  </span>
                ),
              },
              { title: words.dimension, width: 90, cell: (one) => one.dimension },
              {
                title: words.of,
                cell: (one) => (
                  <Link className="two" to={`/quality/${one.dataset}`}>
                    {titles.get(one.dataset) ?? one.dataset}
                    <small>{one.dataset}</small>
                  </Link>
                ),
              },
              { title: words.failed, width: 100, right: true, cell: (one) => <span className="red">{count(one.failed)}</span> },
              { title: words.part, width: 90, right: true, cell: (one) => percentUp(one.failed / Math.max(1, one.total), 2) },
              { title: words.change, width: 110, right: true, cell: (one) => <Change one={one} /> },
            ]}
          />
        )}
      </Load>
    </>
  );
}

function toRule(one: Rule): string {
  return `/quality/${one.dataset}?rule=${encodeURIComponent(one.rule)}`;
}

function Change({ one }: { one: Rule }) {
  if (one.before === null) return <span className="faint">{words.fresh}</span>;
  const change = one.failed - one.before;
  if (!change) return <span className="faint">{words.same}</span>;
  return <span className={change > 0 ? 'red' : 'green'}>{`${change > 0 ? '+' : '−'}${count(Math.abs(change))}`}</span>;
}
