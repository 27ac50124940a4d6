import './zod';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, loadWorkspace } from './App';
import { mayBeLoggedIn, start } from './stores/auth';
import { startLanguage } from './stores/language';
import './styles.css';

void start();
if (mayBeLoggedIn()) void loadWorkspace();

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
