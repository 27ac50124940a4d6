import { t } from '@lingui/core/macro';
import { Component, Suspense, type ReactNode } from 'react';
import { Notice } from './Notice';

/**
 * Where drawing fails, this is shown instead of nothing: React takes everything away up to the next boundary. Another `of`: what is
 * drawn has changed, and is worth another try. `onFailed`: it is told, once for each time.
 */
export class Boundary extends Component<{ instead: ReactNode; of?: unknown; onFailed?: () => void; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    this.props.onFailed?.();
  }

  override componentDidUpdate(before: { of?: unknown }): void {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: false });
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}

/**
 * A part of the page whose code comes when it is needed (`waiting` until then). What cannot come, or fails, costs itself alone. Another
 * `of`: another part. `floats`: it has no place of its own in the page, so what is said about it has none, either.
 */
export function Piece({ of, waiting, floats = false, children }: { of?: unknown; waiting?: ReactNode; floats?: boolean; children: ReactNode }) {
  return (
    <Boundary of={of} instead={<Missing floats={floats} />}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </Boundary>
  );
}

/** In place of a part of the page that is not there: what is written is stored, and loading the page anew helps. */
export function Missing({ floats = false }: { floats?: boolean }) {
  return (
    <div className={floats ? 'fixed inset-x-4 bottom-4 z-40 mx-auto max-w-md shadow-lift' : 'p-3'}>
      <Notice sentence={t`Something here can’t be shown.`} retryLabel={t`Reload`} onRetry={() => location.reload()} />
    </div>
  );
}
