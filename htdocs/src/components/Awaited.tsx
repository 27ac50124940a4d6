import { Dots } from './Dots';
import { StillWaiting } from './StillWaiting';

/** In the place of a reply of which nothing has come, and exactly as high as one whose first line has. */
export function Awaited() {
  return (
    <div className="grid grid-cols-1 gap-4">
      <Dots />
      <StillWaiting since={null} tool={false} />
    </div>
  );
}
