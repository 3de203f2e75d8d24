import type { Schemas } from '@/api/client';
import { count } from '@/ui/format';
import { words } from './strings';

type Balance = Schemas['Reconciliation'];

export const parts = ['in_lake', 'mended', 'dismissed', 'outstanding'] as const;

/** Rows of the source that are nowhere: zero when the account is balanced. */
export function missing(balance: Balance): number {
  return balance.source_rows - parts.reduce((sum, part) => sum + balance[part], 0);
}

/** 对账 as an equation, each figure with its meaning. */
export function BalanceLine({ balance }: { balance: Balance }) {
  return (
    <div className="balance" role="group" aria-label={words.balance}>
      <Part name="source_rows" balance={balance} />
      {parts.map((part, at) => [
        <i key={`${part}-sign`} aria-hidden="true">
          {at ? '+' : '='}
        </i>,
        <Part key={part} name={part} balance={balance} />,
      ])}
      <div className="balance-end">
        <Verdict balance={balance} />
      </div>
    </div>
  );
}

function Part({ name, balance }: { name: keyof Balance; balance: Balance }) {
  const red = name === 'outstanding' && balance.outstanding > 0;
  return (
    <div>
      <dl>
        <dt>{words.balanceOf[name]}</dt>
        <dd className={red ? 'red' : undefined}>
          {count(balance[name])}
          <small>{words.row}</small>
        </dd>
      </dl>
      <p>{words.balanceHow[name]}</p>
    </div>
  );
}

export function Verdict({ balance }: { balance: Balance }) {
  const lost = missing(balance);
  if (lost !== 0) return <span className="red">{words.lost(lost)}</span>;
  if (balance.outstanding) return <span className="dim">{words.unsettled(balance.outstanding)}</span>;
  return <span className="green">{words.balanced}</span>;
}

/** What the columns of an account mean, under a table of them. */
export function BalanceTerms() {
  return (
    <dl className="terms">
      {(['source_rows', ...parts] as const).map((name) => [
        <dt key={name}>{words.balanceOf[name]}</dt>,
        <dd key={`${name}-how`}>{words.balanceHow[name]}</dd>,
      ])}
    </dl>
  );
}
