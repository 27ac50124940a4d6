import { testStates } from './states.mjs';

// The longest words of the languages that the page speaks.
testStates('german', { locale: 'de' });
