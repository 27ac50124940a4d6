/** The dots appear where the text of a reply will begin, with the height of one line. */
export function Dots() {
  return (
    <div className="dots flex h-[1.7em] items-center gap-1.5" aria-hidden="true">
      <span className="size-2 animate-pulse-soft rounded-full bg-accent" />
      <span className="size-2 animate-pulse-soft rounded-full bg-accent [animation-delay:0.2s]" />
      <span className="size-2 animate-pulse-soft rounded-full bg-accent [animation-delay:0.4s]" />
    </div>
  );
}
