/** In place of tailwind-merge: streamdown settles with it which of two Tailwind classes wins, in components that the page has its own for. */
export const twMerge = (classes: string): string => classes;
