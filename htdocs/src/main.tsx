import './zod';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, loadWorkspace } from './App';
import { keepShell } from './keepShell';
import { mayBeLoggedIn, start } from './stores/auth';
import { startLanguage } from './stores/language';
import './styles.css';

void start();
if (mayBeLoggedIn()) loadWorkspace();
keepShell();

// The address will change to that of a session, one folder deeper; the addresses of icons and manifest must not change with it.
for (const icon of document.querySelectorAll<HTMLLinkElement>('link:is([rel=icon], [rel=apple-touch-icon], [rel=manifest])')) icon.setAttribute('href', icon.href);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const page = createRoot(root);
void startLanguage().then(() =>
  page.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
