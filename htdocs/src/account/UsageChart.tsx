import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { DayOfUse } from '../api/account';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { useTheme } from '../stores/theme';

const height = 260;
const paths = uPlot.paths.bars?.({ size: [0.6, 24] });
const bars = paths === undefined ? {} : { paths };

/** Bars for replies and a line for tokens, by day. */
export default function UsageChart({ days }: { days: DayOfUse[] }) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useTheme((state) => state.theme);
  const dark = useMediaQuery('(prefers-color-scheme: dark)');

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    // Colours are painted into a canvas, so another scheme needs another drawing.
    const chart = new uPlot(options(element), dataOf(days), element);
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [days, theme, dark]);

  return <div ref={box} role="img" aria-label={t`Replies and tokens by day`} className="min-h-72 text-xs" />;
}

function dataOf(days: DayOfUse[]): uPlot.AlignedData {
  return [
    days.map(({ date }) => Date.parse(date) / 1000),
    days.map(({ messages }) => messages),
    days.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
  ];
}

function options(element: HTMLElement): uPlot.Options {
  const colour = (name: string): string => painted(element, `var(--color-${name})`);
  const number = new Intl.NumberFormat(i18n.locale, { notation: 'compact' });
  const day = new Intl.DateTimeFormat(i18n.locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const ofDay = (time: number): string => day.format(new Date(time * 1000));
  const whole = (n: number): string => (Number.isInteger(n) ? number.format(n) : '');
  const axis = { stroke: colour('soft'), ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const line = { points: { show: false }, value: legend((n) => number.format(n)) };
  return {
    width: element.clientWidth,
    height,
    tzDate: (time) => uPlot.tzDate(new Date(time * 1000), 'UTC'),
    scales: { x: { range: withHalfDays }, replies: { range: fromZero }, tokens: { range: fromZero } },
    axes: [
      { ...axis, grid: { show: false }, space: 80, values: (_, times) => times.map(ofDay) },
      { ...axis, scale: 'replies', grid: { stroke: colour('line'), width: 1 }, values: (_, all) => all.map(whole) },
      { ...axis, scale: 'tokens', side: 1, grid: { show: false }, values: (_, all) => all.map(whole) },
    ],
    series: [
      { label: t`Day`, value: legend(ofDay) },
      { ...line, ...bars, label: t`Replies`, scale: 'replies', fill: colour('chosen'), stroke: colour('line-strong'), width: 1 },
      { ...line, label: t`Tokens`, scale: 'tokens', stroke: colour('accent'), width: 2 },
    ],
  };
}

/** The legend shows the day under the pointer, or the last one if there is none. */
function legend(format: (n: number) => string): uPlot.Series.Value {
  return ({ data }, _, series, index) => {
    const value = data[series]?.[index ?? data[0].length - 1];
    return typeof value === 'number' ? format(value) : '';
  };
}

/** Makes the first and the last bar as wide as the others. */
function withHalfDays(_: uPlot, first: number, last: number): uPlot.Range.MinMax {
  return [first - 43_200, last + 43_200];
}

function fromZero(_: uPlot, _low: number, high: number): uPlot.Range.MinMax {
  return [0, Math.max(1, high * 1.1)];
}

/** The colour as the page shows it now; a canvas does not know light-dark(). */
function painted(element: HTMLElement, colour: string): string {
  const before = element.style.color;
  element.style.color = colour;
  const { color } = getComputedStyle(element);
  element.style.color = before;
  return color;
}
