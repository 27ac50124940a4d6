import './zod';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, loadWorkspace } from './App';
import { mayBeLoggedIn, start } from './stores/auth';
import { startLanguage } from './stores/language';
import './styles.css';

void start();
if (mayBeLoggedIn()) loadWorkspace();

// The address will change to that of a session, one folder further down; the icon's must not change with it.
for (const icon of document.querySelectorAll<HTMLLinkElement>('link[rel=icon]')) icon.setAttribute('href', icon.href);

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
