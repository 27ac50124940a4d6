/** Everything for a logged-in user; fetched as soon as somebody is, or is about to be, logged in. */
import { Workspace } from './views/Workspace';
import { wire } from './wiring';

wire();

export default Workspace;
