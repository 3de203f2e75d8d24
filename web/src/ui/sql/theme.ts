import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Few colours: what is ours stays ink, keywords are blue, values are told apart. All pass AA. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: '#1a4fd6' },
  { tag: [tags.string, tags.special(tags.string)], color: '#9a4a00' },
  { tag: [tags.number, tags.bool, tags.null], color: '#7a2e9a' },
  { tag: [tags.lineComment, tags.blockComment], color: '#666c79', fontStyle: 'italic' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: '#146c43' },
  { tag: [tags.operator, tags.punctuation, tags.paren], color: '#4a5160' },
]);

export const look = [
  syntaxHighlighting(colours),
  EditorView.theme({
    '&': { fontSize: '13px', backgroundColor: 'transparent', height: '100%' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
    '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: '#666c79' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: '#f2f5fb' },
    '.cm-line-wrong': { backgroundColor: '#fdf1ef' },
    '.cm-wrong': { textDecoration: 'underline wavy #c8321f', textUnderlineOffset: '3px' },
    '.cm-completionIcon': { display: 'none' },
    '.cm-tooltip': { border: '1px solid #d5d9e0', backgroundColor: '#fff', borderRadius: '4px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '240px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: '#eef3ff', color: '#1b1f27' },
    '.cm-completionDetail': { color: '#666c79', fontStyle: 'normal', marginLeft: '12px' },
    '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
    '.cm-panels': { backgroundColor: '#f7f8fa', color: '#1b1f27' },
  }),
];
