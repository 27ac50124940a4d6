/** Everything for somebody who is logged in; fetched when it is known that somebody is, or is about to be. */
import { Workspace } from './views/Workspace';
import { wire } from './wiring';

wire();

export default Workspace;
