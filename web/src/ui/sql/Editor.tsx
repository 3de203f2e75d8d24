import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { basicSetup, minimalSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import { namespaceOf, type KnownTable } from './schema';
import { phrases, words } from './strings';
import { look } from './theme';
import { markWrong, offsetOf, wrong, type Place } from './wrong';
import './sql.css';

export interface EditorProps {
  text: string;
  label?: string;
  /** None: the text is only shown. */
  onChange?: (text: string) => void;
  onRun?: () => void;
  tables?: KnownTable[];
  wrongAt?: Place | null;
}

const language = new Compartment();

function speaks(tables: KnownTable[]) {
  const schema = namespaceOf(tables, words.masked);
  return sql({ dialect: PostgreSQL, upperCaseKeywords: true, schema });
}

const none: KnownTable[] = [];

export default function Editor({ text, label = words.editor, onChange, onRun, tables = none, wrongAt = null }: EditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const acts = useRef({ onChange, onRun });
  const start = useRef({ text, label, writable: Boolean(onChange) });
  useEffect(() => {
    acts.current = { onChange, onRun };
  });
  useEffect(() => {
    if (!box.current) return undefined;
    const { text: first, label: name, writable } = start.current;
    const run = () => {
      acts.current.onRun?.();
      return true;
    };
    const writing = [
      basicSetup,
      Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
      EditorView.updateListener.of((change) => {
        if (change.docChanged) acts.current.onChange?.(change.state.doc.toString());
      }),
    ];
    const reading = [minimalSetup, lineNumbers(), EditorState.readOnly.of(true), EditorView.editable.of(false)];
    const attributes = { 'aria-label': name, ...(writable ? {} : { tabindex: '0', role: 'textbox', 'aria-readonly': 'true', 'aria-multiline': 'true' }) };
    const extensions = [
      ...(writable ? writing : reading),
      language.of(speaks(none)),
      wrong,
      look,
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of(attributes),
    ];
    const made = new EditorView({ state: EditorState.create({ doc: first, extensions }), parent: box.current });
    view.current = made;
    if (writable) made.focus();
    return () => {
      view.current = null;
      made.destroy();
    };
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== text) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    }
  }, [text]);
  useEffect(() => {
    view.current?.dispatch({ effects: language.reconfigure(speaks(tables)) });
  }, [tables]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const at = wrongAt && offsetOf(editor.state.doc, wrongAt);
    editor.dispatch({ effects: markWrong.of(wrongAt), ...(at === null ? {} : { selection: { anchor: at }, scrollIntoView: true }) });
  }, [wrongAt]);
  return <div className={onChange ? 'sql-box sql-write' : 'sql-box'} ref={box} />;
}
