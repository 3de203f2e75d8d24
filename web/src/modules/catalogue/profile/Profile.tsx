import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { Bars } from '@/ui/charts/Bars';
import { Meter } from '@/ui/charts/Meter';
import { Shares } from '@/ui/charts/Shares';
import { DataTable } from '@/ui/DataTable';
import { EmptyState } from '@/ui/EmptyState';
import { count, percent } from '@/ui/format';
import { Load } from '@/ui/Load';
import { Tag } from '@/ui/StateTag';
import { useProfile } from '../queries';
import { typeWords, words } from '../strings';

type Dataset = Schemas['Dataset'];
type Item = Schemas['ItemProfile'];

const kindWords: Record<Item['kind'], string | undefined> = {
  number: typeWords.number,
  time: typeWords.date,
  text: typeWords.text,
  flag: typeWords.boolean,
  other: undefined,
};
const POOR = 0.5;
const FEW_VALUES = 50;

/** What the data are like, item by item: figures and small charts, values only where policy lets them. */
export function Profile({ dataset }: { dataset: Dataset }) {
  const allowed = useMay()('data.preview');
  const made = dataset.current_version !== null;
  const found = useProfile(dataset.name, dataset.current_version, allowed && made);
  if (!allowed) return <EmptyState title={words.noRight} text={words.noRightText} />;
  if (!made) return <EmptyState title={words.emptyPreview} text={words.emptyPreviewText} />;
  return (
    <Load query={found} lines={10}>
      {({ pages }) => {
        const first = pages[0];
        if (!first) return null;
        const items = pages.flatMap((page) => page.items);
        const more = found.hasNextPage ? { load: () => void found.fetchNextPage(), loading: found.isFetchingNextPage } : null;
        return (
          <>
            <p className="tab-note">
              {first.sampled ? words.profileSampled(count(first.rows), count(first.looked)) : words.profileNote(count(first.rows))}{' '}
              {words.profileOf(items.length, first.size)}
              {first.personal && <span className="profile-note">{words.profilePersonal}</span>}
            </p>
            <Items items={items} about={first.sampled} more={more} />
          </>
        );
      }}
    </Load>
  );
}

interface ItemsProps {
  items: Item[];
  about: boolean;
  more: { load: () => void; loading: boolean } | null;
}

function Items({ items, about, more }: ItemsProps) {
  return (
    <DataTable
      label={words.tabs.profile}
      rows={items}
      rowKey={(one) => one.item}
      more={more}
      columns={[
        {
          title: words.item,
          width: 220,
          cell: (one) => (
            <span className="two">
              {one.title}
              <small>{one.item}</small>
            </span>
          ),
        },
        { title: words.type, width: 80, cell: (one) => kindWords[one.kind] ?? '—' },
        { title: words.filledPart, width: 190, cell: (one) => <Filled item={one} /> },
        {
          title: words.distinct,
          width: 110,
          right: true,
          cell: (one) => (one.distinct === null ? '—' : `${about ? words.about : ''}${count(one.distinct)}`),
        },
        { title: words.rangeOrLength, width: 180, wrap: true, cell: (one) => <Range item={one} /> },
        { title: words.spread, cell: (one) => <Values item={one} /> },
      ]}
    />
  );
}

function Filled({ item }: { item: Item }) {
  const part = item.filled / Math.max(1, item.filled + item.empty);
  return (
    <span className="profile-filled">
      <Meter part={part} text={percent(part)} low={part < POOR} />
      {item.empty > 0 && <small className="dim">{words.emptyRows(count(item.empty))}</small>}
    </span>
  );
}

function Range({ item }: { item: Item }) {
  if (item.minimum !== null && item.maximum !== null) {
    return (
      <>
        {item.minimum} … {item.maximum}
      </>
    );
  }
  if (item.shortest !== null && item.longest !== null) return <>{words.lengths(item.shortest, item.longest)}</>;
  return <span className="faint">—</span>;
}

function Values({ item }: { item: Item }) {
  if (item.masked) return <Tag>{item.distinct === null ? words.hiddenColumn : words.maskedValues}</Tag>;
  if (item.bins.length > 1) return <Bars bars={item.bins.map((bin) => ({ ...bin }))} label={`${item.title} ${words.spread}`} />;
  if (item.common.length > 0) {
    const shares = item.common.map((one) => ({ name: one.value, note: one.meaning, count: one.count }));
    return <Shares shares={shares.slice(0, 5)} of={item.filled} label={`${item.title} ${words.spread}`} />;
  }
  if (!item.filled) return <span className="faint">{words.noValues}</span>;
  return <span className="faint">{item.distinct === item.filled ? words.unique : item.few && (item.distinct ?? 0) <= FEW_VALUES ? words.fewValues : words.scattered}</span>;
}
