// What a message says, from its MsgBody.
import { isObject, type Json } from './json.ts';

export interface Element {
  kind: string; // "" for text
  text: string;
}

export function elementsOf(msgBody: string | Json): Element[] {
  let body: Json;
  try {
    body = typeof msgBody === 'string' ? (JSON.parse(msgBody) as Json) : msgBody;
  } catch {
    return [{ kind: 'not JSON', text: String(msgBody) }];
  }
  if (!Array.isArray(body)) return [{ kind: 'no elements', text: JSON.stringify(body) }];
  return body.map(elementOf);
}

function elementOf(element: Json): Element {
  if (!isObject(element)) return { kind: 'no element', text: JSON.stringify(element) };
  const content = element['MsgContent'];
  if (element['MsgType'] === 'TIMTextElem' && isObject(content) && typeof content['Text'] === 'string') {
    return { kind: '', text: content['Text'] };
  }
  const kind = String(element['MsgType'] ?? 'element')
    .replace(/^TIM/, '')
    .replace(/Elem$/, '');
  return { kind, text: content === undefined ? '' : JSON.stringify(content) };
}
