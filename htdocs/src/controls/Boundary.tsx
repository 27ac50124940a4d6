import { t } from '@lingui/core/macro';
import { Component, Suspense, type ReactNode } from 'react';
import { Notice } from './Notice';

/**
 * Shown instead of children that cannot be drawn; without it, React removes everything up to the next boundary. A change of `of` means that the
 * children have changed, so drawing is tried again. `onFailed` is called once for each failure.
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
 * A part of the page whose code is loaded when needed (`waiting` is shown until then). If it cannot be loaded or fails, only this part is missing. A
 * change of `of` means another part. `floats`: it has no place of its own in the page, so its error message has none either.
 */
export function Piece({ of, waiting, floats = false, children }: { of?: unknown; waiting?: ReactNode; floats?: boolean; children: ReactNode }) {
  return (
    <Boundary of={of} instead={<Missing floats={floats} />}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </Boundary>
  );
}

/** Shown in place of a missing part of the page: what was written is stored, and reloading helps. */
export function Missing({ floats = false }: { floats?: boolean }) {
  return (
    <div className={floats ? 'fixed inset-x-4 bottom-4 z-40 mx-auto max-w-md shadow-lift' : 'p-3'}>
      <Notice sentence={t`Something here can’t be shown.`} retryLabel={t`Reload`} onRetry={() => location.reload()} />
    </div>
  );
}
