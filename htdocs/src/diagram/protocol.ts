/** The messages between the page and its drawing frame, through a port that only these two have. */

export type Scheme = 'light' | 'dark';

export interface Wish {
  source: string;
  scheme: Scheme;
}

/** An SVG document with its size in CSS pixels. */
export interface Drawing {
  svg: string;
  width: number;
  height: number;
}

/** Why there is no drawing: the line of the source that was not understood, if known. */
export interface Refusal {
  line: number | null;
}

export type Answer = Drawing | Refusal;
