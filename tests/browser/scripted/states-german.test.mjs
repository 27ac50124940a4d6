import { testStates } from './states.mjs';

// German has the longest words of the page's languages.
testStates('german', { locale: 'de' });
