export const words = {
  badAnswer: '服务的回答不合约定',
  retryLater: '请稍后重试;若持续,请告诉平台管理员。',
  offline: '连不上平台',
  offlineHint: '请检查网络;平台可能正在重新启动。',
  pageHint: '请刷新页面;若持续,请告诉平台管理员。',
  updated: '平台的页面更新过了,这一页要重新载入',
  updatedHint: '点“重试”重新载入;还没有保存的填写要再填一遍。',
};
