import { lazy, Suspense } from 'react';
import { Boundary } from '../controls/Boundary';
import { withTexts } from '../i18n/language';
import { useViewer } from '../stores/viewer';

const Viewer = lazy(() => withTexts(import('./Viewer')));

/** The viewer is loaded when it is first needed. */
export function ViewerHost() {
  const { exhibits, at } = useViewer();
  if (exhibits.length === 0) return null;
  return (
    <Boundary of={exhibits} instead={null}>
      <Suspense>
        <Viewer exhibits={exhibits} at={at} />
      </Suspense>
    </Boundary>
  );
}
