/** What is looked at by itself, above the page: the pictures of a message, or a text that was sent as a file. */
import { create } from 'zustand';

export type Exhibit =
  | { kind: 'picture'; src: string; name: string }
  /** An SVG document on the page's ground, of this size in CSS pixels. */
  | { kind: 'drawing'; src: string; name: string; svg: string; width: number; height: number }
  | { kind: 'text'; text: string; name: string };

export const useViewer = create<{ exhibits: Exhibit[]; at: number }>()(() => ({ exhibits: [], at: 0 }));

export function look(exhibits: Exhibit[], at = 0): void {
  useViewer.setState({ exhibits, at });
}
