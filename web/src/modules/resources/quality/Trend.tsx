import { Line } from '@/ui/charts/Line';
import { percent } from '@/ui/format';
import { Section } from '@/ui/Page';
import { useTrend } from './queries';
import { words } from './strings';

const DAYS = 30;

/** How the whole went, or one agency; drawn only where there is something to compare. */
export function Trend({ agency }: { agency: string }) {
  const days = useTrend(agency, DAYS).data;
  if (!days?.length) return null;
  const points = days.map((one) => {
    const good = one.total ? 1 - one.failed_rows / one.total : null;
    return { name: one.day.slice(5), value: good, text: percent(good, 2) };
  });
  return (
    <Section title={words.trend} note={days.length > 1 ? words.trendNote(DAYS) : words.oneDay}>
      {days.length > 1 && <Line points={points} label={words.trend} />}
    </Section>
  );
}
