import { createRoot } from 'react-dom/client';
import { App } from './shell/App';
import './ui/base.css';
import './ui/parts.css';
import './ui/data.css';
import './shell/shell.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
