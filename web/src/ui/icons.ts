/** 16 px, one line of 1.4 px. */
export const paths = {
  home: 'M2.5 7.5 8 3l5.5 4.5M4 6.5V13h8V6.5',
  book: 'M3 3.5h4.2c.5 0 .8.4.8.8V13c0-.6-.5-1-1-1H3zM13 3.5H8.8c-.5 0-.8.4-.8.8V13c0-.6.5-1 1-1h4z',
  plug: 'M6 2.5v3M10 2.5v3M4.5 5.5h7v2.2a3.5 3.5 0 0 1-7 0zM8 11.2v2.3',
  check: 'M3 8.5 6.3 12 13 4.5',
  gauge: 'M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11.5l2.8-3.6',
  play: 'M5 3.5v9l7.5-4.5z',
  inbox: 'M2.5 9.5 4.5 4h7l2 5.5V12.5h-11zM2.5 9.5h3.2l.8 1.4h3l.8-1.4h3.2',
  database: 'M3 4.5c0-1 2.2-1.8 5-1.8s5 .8 5 1.8-2.2 1.8-5 1.8-5-.8-5-1.8zM3 4.5v7c0 1 2.2 1.8 5 1.8s5-.8 5-1.8v-7M3 8c0 1 2.2 1.8 5 1.8S13 9 13 8',
  server: 'M3 3h10v4H3zM3 9h10v4H3zM5.2 5h.01M5.2 11h.01',
  flow: 'M2.5 3h4v3h-4zM9.5 10h4v3h-4zM4.5 6v2.2c0 .9.7 1.6 1.6 1.6h3.4M9.5 3h4v3h-4zM11.5 6v4',
  code: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5M9 3 7 13',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2',
  tick: 'M3 8.5 6.3 12 13 4.5',
  dot: 'M8 7.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z',
  warn: 'M8 2.8 14 13H2zM8 6.5v3M8 11.3h.01',
  source: 'M6.5 9.5a2.5 2.5 0 0 0 3.6 0l2.2-2.2a2.5 2.5 0 0 0-3.6-3.6l-.8.8M9.5 6.5a2.5 2.5 0 0 0-3.6 0L3.7 8.7a2.5 2.5 0 0 0 3.6 3.6l.8-.8',
  expand: 'M3 6V3h3M13 6V3h-3M3 10v3h3M13 10v3h-3',
  close: 'M4 4l8 8M12 4l-8 8',
  right: 'M6 3.5 10.5 8 6 12.5',
} as const;

export type IconName = keyof typeof paths;

export const icons = Object.keys(paths) as IconName[];
