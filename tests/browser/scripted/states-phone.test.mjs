// The page's states on a phone.
import { testStates } from './states.mjs';

testStates('phone', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
