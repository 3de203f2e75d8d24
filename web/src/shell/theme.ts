import type { ThemeConfig } from 'antd';

// The parts wait for the end of their movements: they are told not to move, never stopped by CSS.
const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

export const theme: ThemeConfig = {
  token: {
    motion: !still,
    colorPrimary: '#1F5EFF',
    colorLink: '#1F5EFF',
    colorError: '#C8321F',
    colorSuccess: '#1A7F4B',
    colorText: '#1B1F27',
    colorTextSecondary: '#4A5160',
    colorTextTertiary: '#666C79',
    colorTextDescription: '#666C79',
    colorTextPlaceholder: '#767676',
    colorBorder: '#D5D9E0',
    colorBorderSecondary: '#E8EAEE',
    fontSize: 14,
    controlHeight: 32,
    borderRadius: 4,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
    fontFamily: '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif',
    fontFamilyCode:
      'ui-monospace,"SF Mono",Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace',
  },
  components: {
    Button: { defaultShadow: 'none', primaryShadow: 'none', dangerShadow: 'none' },
    Tabs: { horizontalItemGutter: 24, horizontalMargin: '0' },
  },
};
