import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { large } from '@/ui/format';
import { zoneWords } from '@/ui/strings';
import { Panel } from './Panel';
import { words } from './strings';

/** How many datasets and rows stand in each zone, in the order in which data walk. */
export function ZonesPanel({ overview }: { overview: Schemas['Overview'] }) {
  const origin = { how: words.zonesHow, rule: words.zonesRule, at: overview.at, to: '/catalogue', page: words.openCatalogue };
  return (
    <Panel title={words.zones} origin={origin}>
      <div className="ck-zones">
        {Object.entries(zoneWords).map(([zone, title]) => {
          const { figure, scale } = large(overview.rows[zone] ?? 0);
          return (
            <Link key={zone} to={zone === 'ods' ? '/sources' : `/catalogue?zone=${zone}`} className="ck-zone">
              <span>{title}</span>
              <b>
                {figure}
                <small>
                  {scale}
                  {words.unitRow}
                </small>
              </b>
              <span>{words.zoneLine(overview.datasets[zone] ?? 0)}</span>
            </Link>
          );
        })}
      </div>
    </Panel>
  );
}
