import type { IconName } from '@/ui/icons';
import { words } from './strings';

export interface Item {
  to: string;
  title: string;
  icon: IconName;
  /** First letters of the title, for the search. */
  letters: string;
  needs?: string;
}

/** The pages of the menu, in groups. */
export const groups: { title?: string; items: Item[] }[] = [
  { items: [{ to: '/', title: words.workbench, icon: 'home', letters: 'gzt' }] },
  {
    title: words.data,
    items: [
      { to: '/catalogue', title: words.catalogue, icon: 'book', letters: 'sjml', needs: 'catalogue.read' },
      { to: '/services', title: words.services, icon: 'plug', letters: 'sjfw', needs: 'services.read' },
      { to: '/models', title: words.models, icon: 'flow', letters: 'jgmx', needs: 'catalogue.read' },
      { to: '/query', title: words.query, icon: 'code', letters: 'lscx', needs: 'data.query' },
      { to: '/quality', title: words.quality, icon: 'check', letters: 'zl', needs: 'catalogue.read' },
      { to: '/cockpit', title: words.cockpit, icon: 'gauge', letters: 'jsc', needs: 'cockpit.read' },
    ],
  },
  {
    title: words.operate,
    items: [
      { to: '/runs', title: words.runs, icon: 'play', letters: 'yx', needs: 'runs.read' },
      { to: '/arrivals', title: words.arrivals, icon: 'inbox', letters: 'ds', needs: 'catalogue.read' },
      { to: '/sources', title: words.sources, icon: 'database', letters: 'sjy', needs: 'sources.read' },
      { to: '/people', title: words.people, icon: 'people', letters: 'ry', needs: 'users.steer' },
      { to: '/system', title: words.system, icon: 'server', letters: 'xt', needs: 'system.read' },
    ],
  },
];
