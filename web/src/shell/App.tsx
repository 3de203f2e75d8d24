import { QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import { RouterProvider } from 'react-router/dom';
import { makeQueries } from '@/api/queries';
import { router } from './routes';
import { theme } from './theme';

const queries = makeQueries((path) => {
  const here = router.state.location;
  if (here.pathname === path) return;
  const next = here.pathname + here.search;
  const back = ['/sign-in', '/change-password'].includes(here.pathname) ? '' : next;
  void router.navigate(back && back !== '/' ? `${path}?next=${encodeURIComponent(back)}` : path);
});

export function App() {
  return (
    <ConfigProvider
      locale={zhCN}
      theme={theme}
      button={{ autoInsertSpace: false }}
      form={{ colon: false, requiredMark: false }}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigProvider>
  );
}
