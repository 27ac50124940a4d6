/** What the page and its drawing frame tell each other, through a port that only the two of them hold. */

export type Scheme = 'light' | 'dark';

export interface Wish {
  source: string;
  scheme: Scheme;
}

/** An SVG document of this size in CSS pixels. */
export interface Drawing {
  svg: string;
  width: number;
  height: number;
}

/** Why there is none: the line of the source that was not understood, if it is known. */
export interface Refusal {
  line: number | null;
}

export type Answer = Drawing | Refusal;
