import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme } from './theme.ts';
import './style/base.css';
import './style/layout.css';
import './style/parts.css';

applyTheme();
const root = document.getElementById('app');
if (root) render(<App />, root);
