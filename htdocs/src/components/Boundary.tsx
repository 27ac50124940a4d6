import { Component, type ReactNode } from 'react';

/**
 * Where drawing fails, this is shown instead of nothing: React takes everything away up to the next boundary. Another `of`: what is
 * drawn has changed, and is worth another try.
 */
export class Boundary extends Component<{ instead: ReactNode; of?: unknown; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidUpdate(before: { of?: unknown }): void {
    if (this.state.failed && before.of !== this.props.of) this.setState({ failed: false });
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
