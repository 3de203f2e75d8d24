import { ConfigProvider, theme as antd } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import type { Schemas } from '@/api/client';
import { theme } from '@/shell/theme';
import { Load } from '@/ui/Load';
import { useTitle } from '@/ui/Page';
import { useCockpit } from '../queries';
import { ArrivalsPanel } from './ArrivalsPanel';
import { CallsPanel } from './CallsPanel';
import { FreshPanel, RunsPanel } from './Panels';
import { BigFigures } from './BigFigures';
import { FlowPanel } from './FlowPanel';
import { Header } from './Header';
import { PlacesPanel } from './PlacesPanel';
import { QualityPanel } from './QualityPanel';
import { ZonesPanel } from './ZonesPanel';
import { words } from './strings';
import './cockpit.css';
import './panels.css';
import './phone.css';

const WIDTH = 1920;
const HEIGHT = 1080;

const dark = {
  ...theme,
  algorithm: antd.darkAlgorithm,
  token: {
    ...theme.token,
    colorLink: '#7aa5ff',
    colorText: '#e6ebf5',
    colorTextSecondary: '#aab4c8',
    colorTextTertiary: '#8f9bb3',
    colorBgElevated: '#1b2740',
    colorBgContainer: '#16223a',
    colorBgLayout: '#16223a',
    colorBorder: '#33415f',
    colorBorderSecondary: '#33415f',
  },
};

function useScale(): number {
  const measure = () => Math.min(window.innerWidth / WIDTH, window.innerHeight / HEIGHT);
  const [scale, setScale] = useState(measure);
  useEffect(() => {
    const fit = () => setScale(measure());
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  }, []);
  return scale;
}

export function Component() {
  const cockpit = useCockpit();
  useTitle(cockpit.data?.title ?? words.cockpit);
  if (cockpit.data) {
    return (
      <Stage>
        <Header title={cockpit.data.title} at={cockpit.data.overview.at} broken={cockpit.isError} />
        <Board cockpit={cockpit.data} />
      </Stage>
    );
  }
  return (
    <Stage>
      <Header title={words.cockpit} at={null} broken={false} />
      {cockpit.isPending && <p className="ck-wait" role="status" data-waits>{words.loading}</p>}
      {cockpit.isError && (
        <div className="ck-error">
          <Load query={cockpit}>{() => null}</Load>
        </div>
      )}
    </Stage>
  );
}

function Stage({ children }: { children: ReactNode }) {
  const scale = useScale();
  return (
    <ConfigProvider theme={dark}>
      <main className="ck-ground">
        <div className="ck" style={{ transform: `translate(-50%, -50%) scale(${scale})` }}>
          {children}
        </div>
      </main>
    </ConfigProvider>
  );
}

function Board({ cockpit }: { cockpit: Schemas['Cockpit'] }) {
  const { overview } = cockpit;
  return (
    <>
      <BigFigures cockpit={cockpit} />
      <div className="ck-board">
        <div className="ck-column">
          <ArrivalsPanel overview={overview} />
          <FlowPanel agencies={overview.agencies} at={overview.at} />
          <FreshPanel agencies={overview.agencies} at={overview.at} />
        </div>
        <div className="ck-column">
          <PlacesPanel places={cockpit.places} map={cockpit.map} agencies={overview.agencies} />
          <ZonesPanel overview={overview} />
        </div>
        <div className="ck-column">
          <CallsPanel calls={overview.calls} at={overview.at} />
          <QualityPanel agencies={overview.agencies} at={overview.at} />
          <RunsPanel runs={overview.runs_today} at={overview.at} />
        </div>
      </div>
    </>
  );
}
