import { lazy, Suspense } from 'react';
import type { Schemas } from '@/api/client';
import { Panel } from './Panel';
import { words } from './strings';

const QualityChart = lazy(() => import('./QualityChart'));

const SHOWN = 10;

export function QualityPanel({ agencies }: { agencies: Schemas['AgencyState'][] }) {
  const checked = agencies
    .filter((one) => one.quality !== null)
    .sort((one, other) => (one.quality ?? 0) - (other.quality ?? 0))
    .slice(0, SHOWN);
  return (
    <Panel title={words.quality} note={words.qualityNote}>
      {checked.length ? (
        <Suspense fallback={<div className="ck-chart" />}>
          <QualityChart agencies={checked} />
        </Suspense>
      ) : (
        <p className="ck-quiet">{words.noQuality}</p>
      )}
    </Panel>
  );
}
