/**
 * Replaces tailwind-merge, with which streamdown decides which of two Tailwind classes wins; the page has its own components
 * instead of those that need it.
 */
export const twMerge = (classes: string): string => classes;
