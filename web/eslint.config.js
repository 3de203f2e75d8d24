import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', 'src/api/schema.d.ts'] },
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  hooks.configs.flat.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    rules: { 'max-lines': ['error', 250], eqeqeq: 'error', 'no-console': 'error' },
  },
);
