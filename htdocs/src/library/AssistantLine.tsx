import { t } from '@lingui/core/macro';
import { Globe, GlobeLock, Link, MessageSquarePlus, Pencil, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import type { Assistant } from '../api/assistants';
import { urlOfAssistant } from '../base';
import { Badge } from '../controls/Badge';
import { MenuItem } from '../controls/Menu';
import { IconLink } from '../controls/PageLink';
import { AssistantIcon } from '../models/AssistantIcon';
import { newSession, useConversation } from '../stores/conversation';
import { pickAssistant } from '../stores/models';
import { useRole } from '../stores/role';
import { showView } from '../stores/shell';
import { LineMenu } from './LineMenu';

interface Props {
  assistant: Assistant;
  /** A unique name (text/modelNames.ts). */
  name: string;
  /** New chats begin with it. */
  isDefault: boolean;
  onEdit: () => void;
  onPublish: (published: boolean) => void;
  onDelete: () => void;
}

export function AssistantLine({ assistant, name, isDefault, onEdit, onPublish, onDelete }: Props) {
  const { id, icon, description, mine, published } = assistant;
  const admin = useRole((state) => state.admin);

  async function copyLink(): Promise<void> {
    try {
      await navigator.clipboard.writeText(new URL(urlOfAssistant(id), location.href).href);
      toast(t`Link copied.`);
    } catch {
      toast.error(t`The link couldn’t be copied.`);
    }
  }

  return (
    <li data-key={id} className="flex items-center gap-3 py-2.5">
      <AssistantIcon icon={icon} size="size-8 text-2xl" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          <span dir="auto" className="wrap-anywhere">{name}</span>
          {mine && published && <Badge>{t`published`}</Badge>}
          {isDefault && <Badge>{t`site default`}</Badge>}
        </p>
        {description !== '' && <p dir="auto" className="line-clamp-2 text-xs text-soft wrap-anywhere">{description}</p>}
      </div>
      <IconLink label={t`Start a chat with ${name}`} size="size-9 pointer-coarse:size-11" href={urlOfAssistant(id)} onOpen={() => startWith(id)}>
        <MessageSquarePlus className="size-5" aria-hidden="true" />
      </IconLink>
      <LineMenu name={name}>
        {mine && <MenuItem icon={Pencil} onSelect={onEdit}>{t`Edit`}</MenuItem>}
        <MenuItem icon={Link} onSelect={() => void copyLink()}>{t`Copy link`}</MenuItem>
        {admin && mine && !published && <MenuItem icon={Globe} onSelect={() => onPublish(true)}>{t`Publish for everyone`}</MenuItem>}
        {admin && published && <MenuItem icon={GlobeLock} onSelect={() => onPublish(false)}>{t`Stop publishing`}</MenuItem>}
        {mine && <MenuItem icon={Trash2} danger onSelect={onDelete}>{t`Delete`}</MenuItem>}
      </LineMenu>
    </li>
  );
}

function startWith(id: string): void {
  showView('chat');
  newSession();
  pickAssistant(useConversation.getState().conversation, id);
}
