import { Popover } from 'antd';
import type { Schemas } from '@/api/client';
import { Facts } from '@/ui/Facts';
import { formatWords, typeWords, words } from '../strings';

type Known = Schemas['Meaning'];

/** An element by its title; its standard meaning at a click or Enter, until the next. */
export function Meaning({ element, known }: { element: string; known: Known | undefined }) {
  if (!known) return <code>{element}</code>;
  return (
    <Popover trigger="click" placement="right" content={<Card known={known} />}>
      <button className="two link meaning">
        {known.title}
        <small>{element}</small>
      </button>
    </Popover>
  );
}

function lengthOf(known: Known): string | null {
  if (known.lengths.length) return known.lengths.join('、');
  return known.max_length === null ? null : words.most(known.max_length);
}

function Card({ known }: { known: Known }) {
  const limits = [
    known.minimum === null ? null : words.from(known.minimum),
    known.maximum === null ? null : words.until(known.maximum),
  ].filter(Boolean);
  const length = lengthOf(known);
  return (
    <div className="meaning-card" role="note" aria-label={words.meaning}>
      <b>{known.title}</b>
      {known.summary && <p className="dim">{known.summary}</p>}
      <Facts
        facts={[
          known.source ? [words.standard, known.source] : null,
          [words.type, typeWords[known.type] ?? known.type],
          known.format ? [words.format, formatWords[known.format] ?? known.format] : null,
          length ? [words.length, length] : null,
          known.pattern ? [words.pattern, <code key="p">{known.pattern}</code>] : null,
          limits.length ? [words.limits, limits.join('、')] : null,
        ]}
      />
      {known.code_set && <Codes codes={known.code_set} />}
    </div>
  );
}

function Codes({ codes }: { codes: NonNullable<Known['code_set']> }) {
  return (
    <div className="meaning-codes">
      <b>
        {words.codeSet}「{codes.title}」
      </b>{' '}
      <span className="dim">
        {codes.source} {codes.codes.length < codes.size && words.codesOf(codes.codes.length, codes.size)}
      </span>
      <ul>
        {codes.codes.map(({ code, title }) => (
          <li key={code}>
            <code>{code}</code> {title}
          </li>
        ))}
      </ul>
    </div>
  );
}
