/** What the viewer shows above the page: the pictures of a message, or a text that was sent as a file. */
import { create } from 'zustand';
import type { Exhibit } from '../export/picture';

export const useViewer = create<{ exhibits: Exhibit[]; at: number }>()(() => ({ exhibits: [], at: 0 }));

export function look(exhibits: Exhibit[], at = 0): void {
  useViewer.setState({ exhibits, at });
}
