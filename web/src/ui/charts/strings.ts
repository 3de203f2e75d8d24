export const words = {
  few: '少于 5 行,不列出',
  range: (low: string, high: string) => `${low} 至 ${high}(不含)`,
  rows: (count: string) => `${count} 行`,
  part: (name: string, value: string) => `${name} ${value}`,
};
