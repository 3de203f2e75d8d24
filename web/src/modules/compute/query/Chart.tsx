import { BarChart, LineChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use as register, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { Series, Shape } from './chart';

register([BarChart, LineChart, GridComponent, TooltipComponent, LegendComponent, DataZoomComponent, CanvasRenderer]);

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
const COLOURS = ['#1f5eff', '#2b9d63', '#c07a00'];

function optionOf(series: Series, shape: Shape) {
  const many = series.lines.length > 1;
  return {
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: FONT, color: '#4a5160' },
    grid: { left: 8, right: 16, top: many ? 36 : 16, bottom: series.labels.length > 40 ? 44 : 8, containLabel: true },
    legend: many ? { top: 0, left: 0, itemWidth: 14, itemHeight: 8 } : undefined,
    tooltip: { trigger: 'axis', confine: true, renderMode: 'richText' },
    dataZoom: series.labels.length > 40 ? [{ type: 'slider', height: 18, bottom: 8 }] : [],
    xAxis: { type: 'category', data: series.labels, axisLabel: { hideOverlap: true, width: 120, overflow: 'truncate' } },
    yAxis: { type: 'value', splitLine: { lineStyle: { color: '#e8eaee' } } },
    series: series.lines.map((one) => ({ type: shape, name: one.name, data: one.values, barMaxWidth: 36, showSymbol: series.labels.length < 60 })),
  };
}

export default function Chart({ series, shape, label }: { series: Series; shape: Shape; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current);
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current);
    return () => {
      watch.disconnect();
      chart.current = null;
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(optionOf(series, shape), true);
  }, [series, shape]);
  return (
    <div role="img" aria-label={label}>
      <div ref={box} style={{ height: 380 }} />
    </div>
  );
}
