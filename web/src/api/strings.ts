export const words = {
  badAnswer: '服务的回答不合约定',
  retryLater: '请稍后重试;若持续,请告诉平台管理员。',
  offline: '连不上平台',
  offlineHint: '请检查网络;平台可能正在重新启动。',
  pageHint: '请刷新页面;若持续,请告诉平台管理员。',
};
