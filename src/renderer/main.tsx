import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/tokens.css';
import './styles/base.css';
import { App } from './app.tsx';
import { CrashBoundary } from './components/crash-boundary.tsx';
import { startI18n, systemLanguage } from './i18n/index.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const language = systemLanguage(navigator.languages);
document.documentElement.lang = language;
await startI18n(language);
createRoot(root).render(
  <StrictMode>
    <CrashBoundary>
      <App />
    </CrashBoundary>
  </StrictMode>,
);
