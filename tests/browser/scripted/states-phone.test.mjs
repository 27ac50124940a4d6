// The page's states on a narrow phone, in a language whose words are long.
import { testStates } from './states.mjs';

testStates('phone', { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, locale: 'de' });
