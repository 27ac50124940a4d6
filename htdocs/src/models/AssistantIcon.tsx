import { Bot } from 'lucide-react';

/** `size`: classes. The name is shown beside it. */
export function AssistantIcon({ icon, size = 'size-5 text-base' }: { icon: string; size?: string }) {
  return (
    <span className={`grid shrink-0 place-content-center overflow-hidden leading-none ${size}`} aria-hidden="true">
      {icon === '' ? <Bot className="size-full text-accent" /> : icon}
    </span>
  );
}
