import { Dots } from './Dots';
import { StillWaiting } from './StillWaiting';

/** Stands for a reply of which nothing has arrived, with exactly the height of its first line. */
export function Awaited() {
  return (
    <div className="grid grid-cols-1 gap-4">
      <Dots />
      <StillWaiting since={null} tool={false} />
    </div>
  );
}
