import { createBrowserRouter, type RouteObject } from 'react-router';
import { Frame } from './Frame';
import { NotFound, RouteError } from './RouteError';
import { Boot } from './Boot';

const pages: RouteObject[] = [
  { index: true, lazy: () => import('@/modules/app/WorkbenchPage') },
  { path: 'runs', lazy: () => import('@/modules/compute/RunsPage') },
  { path: 'runs/:id', lazy: () => import('@/modules/compute/RunPage') },
  { path: 'models', lazy: () => import('@/modules/compute/models/ModelsPage') },
  { path: 'models/:dataset', lazy: () => import('@/modules/compute/models/ModelPage') },
  { path: 'query', lazy: () => import('@/modules/compute/query/QueryPage') },
  { path: 'catalogue', lazy: () => import('@/modules/catalogue/CataloguePage') },
  { path: 'catalogue/:dataset', lazy: () => import('@/modules/catalogue/EntryPage') },
  { path: 'services', lazy: () => import('@/modules/services/ServicesPage') },
  { path: 'services/keys', lazy: () => import('@/modules/services/KeysPage') },
  { path: 'services/new', lazy: () => import('@/modules/services/PublishPage') },
  { path: 'services/:name', lazy: () => import('@/modules/services/ServicePage') },
  { path: 'sources', lazy: () => import('@/modules/resources/SourcesPage') },
  { path: 'sources/connect', lazy: () => import('@/modules/resources/connect/ConnectPage') },
  { path: 'sources/connect/:draft/:step', lazy: () => import('@/modules/resources/connect/DraftPage') },
  { path: 'sources/:name', lazy: () => import('@/modules/resources/SourcePage') },
  { path: 'sources/:name/deliveries', lazy: () => import('@/modules/resources/deliveries/DeliveriesPage') },
  { path: 'sources/:name/quarantine/:table', lazy: () => import('@/modules/resources/quarantine/QuarantinePage') },
  { path: 'sources/:name/drift/:table', lazy: () => import('@/modules/resources/DriftPage') },
  { path: 'sources/:name/loads/:table', lazy: () => import('@/modules/resources/LoadsPage') },
  { path: 'arrivals', lazy: () => import('@/modules/resources/ArrivalsPage') },
  { path: 'quality', lazy: () => import('@/modules/resources/QualityPage') },
  { path: 'quality/:dataset', lazy: () => import('@/modules/resources/quality/DatasetQualityPage') },
  { path: 'people', lazy: () => import('@/modules/security/people/PeoplePage') },
  { path: 'system', lazy: () => import('@/modules/app/SystemPage') },
  { path: 'parts', lazy: () => import('@/ui/parts/PartsPage') },
  { path: '*', Component: NotFound },
];

export const router = createBrowserRouter([
  {
    ErrorBoundary: RouteError,
    HydrateFallback: Boot,
    children: [
      { path: 'sign-in', lazy: () => import('@/modules/security/SignIn') },
      { path: 'change-password', lazy: () => import('@/modules/security/ChangePassword') },
      { path: 'cockpit', lazy: () => import('@/modules/services/cockpit/CockpitPage') },
      { Component: Frame, children: [{ ErrorBoundary: RouteError, children: pages }] },
    ],
  },
]);
