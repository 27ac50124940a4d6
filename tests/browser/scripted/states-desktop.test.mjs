// The page's states on a desktop.
import { testStates } from './states.mjs';

testStates('desktop', { viewport: { width: 1280, height: 860 } });
