import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import * as copy from '../copied/copy';
import * as picture from '../export/picture';
import type { Exhibit } from '../export/picture';
import Viewer from './Viewer';

vi.mock('./usePanzoom', () => ({ closest: 8, usePanzoom: () => ({ current: null }) }));

const drawing = (name: string): Exhibit => ({ kind: 'drawing', name, src: `data:image/svg+xml,${name}`, svg: '<svg/>', width: 1, height: 1 });
const exhibits: Exhibit[] = [drawing('one'), drawing('two'), { kind: 'text', name: 'three', text: 'a lamp' }];

HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
afterEach(cleanup);

test('what fails in the viewer is said in the viewer, of the exhibit that it is about', async () => {
  vi.spyOn(picture, 'savePng').mockRejectedValue(new Error('canvas'));
  vi.spyOn(copy, 'copyText').mockRejectedValue(new Error('copy'));
  const { rerender } = render(<Viewer exhibits={exhibits} at={0} />);
  const dialog = screen.getByRole('dialog');
  fireEvent.click(screen.getByRole('button', { name: /PNG/ }));
  const notice = await screen.findByRole('alert');
  expect(dialog.contains(notice)).toBe(true);
  expect(notice.textContent).toMatch(/PNG/);
  rerender(<Viewer exhibits={exhibits} at={1} />);
  expect(screen.queryByRole('alert')).toBeNull();
  rerender(<Viewer exhibits={exhibits} at={2} />);
  fireEvent.click(screen.getByRole('button', { name: 'Copy text' }));
  expect((await screen.findByRole('alert')).textContent).toMatch(/copy/);
});
