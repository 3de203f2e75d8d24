import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { count, percent, percentUp } from '@/ui/format';
import { words } from './strings';

register([BarChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

type Agency = Schemas['AgencyState'];

const POOR = 0.95;
const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';

const failing = (one: Agency | undefined) => (one?.checked_rows ? one.failed_rows / one.checked_rows : 0);

/** The part that fails, from zero: a bar's length is honest, and the worst is the longest. */
function optionOf(agencies: Agency[]) {
  return {
    animation: false,
    aria: { enabled: true },
    textStyle: { fontFamily: FONT, color: '#aab4c8' },
    grid: { left: 108, right: 78, top: 2, bottom: 2 },
    tooltip: {
      trigger: 'item',
      confine: true,
      backgroundColor: '#1b2740',
      borderColor: '#33415f',
      textStyle: { color: '#e6ebf5', fontFamily: FONT },
      formatter: ({ dataIndex }: { dataIndex: number }) => tip(agencies[dataIndex]),
    },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: agencies.map((one) => one.short),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: '#c9d2e3', fontSize: 15, width: 100, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        barWidth: 12,
        data: agencies.map((one) => ({
          value: failing(one),
          itemStyle: { color: (one.quality ?? 1) < POOR ? '#ff6b57' : '#4d83ff', borderRadius: 2 },
        })),
        label: {
          show: true,
          position: 'right',
          color: '#e6ebf5',
          fontSize: 15,
          formatter: ({ dataIndex }: { dataIndex: number }) => percentUp(failing(agencies[dataIndex]), 2),
        },
      },
    ],
  };
}

/** Numbers alone: no word of an agency enters the markup. */
function tip(one: Agency | undefined): string {
  return one ? words.qualityTip(percent(one.quality, 2), count(one.failed_rows), count(one.checked_rows)) : '';
}

export default function QualityChart({ agencies }: { agencies: Agency[] }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const navigate = useNavigate();
  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current);
    chart.current = made;
    return () => {
      chart.current = null;
      made.dispose();
    };
  }, []);
  useEffect(() => {
    const made = chart.current;
    made?.setOption(optionOf(agencies));
    made?.off('click');
    made?.on('click', ({ dataIndex }) => void navigate(`/quality?by=dataset&agency=${agencies[dataIndex]?.code ?? ''}`));
  }, [agencies, navigate]);
  return <div className="ck-chart" ref={box} />;
}
