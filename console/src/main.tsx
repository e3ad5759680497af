import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme } from './theme.ts';
import './style/base.css';
import './style/layout.css';
import './style/parts.css';
import './style/lists.css';
import './style/tables.css';
import './style/tester.css';
import './style/charts.css';

applyTheme();
const root = document.getElementById('app');
if (root) render(<App />, root);
