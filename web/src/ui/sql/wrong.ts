import { StateEffect, StateField, type Extension, type Text } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

export interface Place {
  line: number;
  column: number;
}

export const markWrong = StateEffect.define<Place | null>();

/** The character of a place, within the text whatever was told. */
export function offsetOf(text: Text, place: Place): number {
  const line = text.line(Math.min(Math.max(1, place.line), text.lines));
  return Math.min(line.from + Math.max(0, place.column - 1), line.to);
}

function marks(text: Text, place: Place): DecorationSet {
  const from = offsetOf(text, place);
  const line = text.lineAt(from);
  const word = /^[\p{L}\p{N}_."]+/u.exec(line.text.slice(from - line.from));
  const to = Math.min(line.to, from + (word?.[0].length ?? 1));
  const found = [Decoration.line({ class: 'cm-line-wrong' }).range(line.from)];
  if (to > from) found.push(Decoration.mark({ class: 'cm-wrong' }).range(from, to));
  return Decoration.set(found);
}

/** Where the platform says that the text is wrong; gone with the next change. */
export const wrong: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(old, change) {
    for (const effect of change.effects) {
      if (effect.is(markWrong)) return effect.value ? marks(change.state.doc, effect.value) : Decoration.none;
    }
    return change.docChanged ? Decoration.none : old;
  },
  provide: (field) => EditorView.decorations.from(field),
});
