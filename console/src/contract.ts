// What the console asks of the server, on the operations listener. Everything but the sign-in is a
// POST of a JSON object to /console/<name>; the answer is a JSON object. Refusals have a status of
// 400 (the request), 401 (not signed in), 403 (not from this origin), 429 (too many attempts to
// sign in) or 500, and the body {"error": "..."}: a sentence for the reader.
// Times are seconds since 1970 unless the name says otherwise.

export interface Calls {
  /** Needs no session. The session is a cookie that scripts cannot read. */
  sign_in: { request: { token: string }; answer: Record<string, never> };
  sign_out: { request: Record<string, never>; answer: Record<string, never> };
  overview: { request: Record<string, never>; answer: Overview };
  /** Runs a REST command as `identifier`; the server makes the UserSig. `body` is sent as it is. */
  call: { request: { sdkappid: number; identifier: string; command: string; body: string }; answer: CallAnswer };
  user_sig: { request: { sdkappid: number; identifier: string; seconds: number }; answer: { usersig: string; expires_at: number } };
  /** What a UserSig says and whether it is good, in words. */
  explain_user_sig: { request: { sdkappid: number; identifier: string; usersig: string }; answer: { valid: boolean; code: number; text: string } };
  /** Accounts in the order of their names; `after` is the last name of the page before, or "". */
  accounts: { request: { sdkappid: number; after: string; limit: number }; answer: { accounts: Account[]; complete: boolean } };
  /** Every stored message, newest first, and what `user` sees of it. `before` is a row's cursor, or "". */
  history: { request: ConversationName & { before: string; limit: number }; answer: { rows: HistoryRow[]; complete: boolean } };
  explain: { request: ConversationName; answer: Explanation };
  failures: { request: Record<string, never>; answer: { failures: Failure[] } };
  /** Replaces the app's key; the former ones stay good for `overlap` seconds. The new key is shown this once. */
  rotate_key: { request: { sdkappid: number; overlap: number }; answer: { key: string } };
}

export interface Overview {
  version: string;
  certificate: string;       // file that clients of the REST API are to trust; "": none of the server's own
  rest_url: string;          // "https://127.0.0.1:8443"
  store: "rocks" | "memory";
  started_at: number;
  apps: App[];               // by id
}

export interface App {
  sdkappid: number;
  admins: string[];
  keys: { fingerprint: string; good_until: number }[];  // 0: no end. The first one signs.
}

export interface CallAnswer {
  body: string;         // the JSON answer, as sent
  microseconds: number;
  request_id: string;
}

export interface Account {
  user_id: string;
  nick: string;
  imported_at: number;
}

/** One side of a conversation: `user`'s with `peer`, or in `group`. The other one is "". */
export interface ConversationName {
  sdkappid: number;
  user: string;
  peer: string;
  group: string;
}

export interface HistoryRow {
  cursor: string;
  position: number;       // one to one: order of storing; group: MsgSeq
  time: number;
  from: string;
  msg_key: string;        // one to one: MsgKey; group: ""
  body: string;           // MsgBody, as JSON text
  cloud_custom_data: string;
  recalled: boolean;
  visible: boolean;       // to `user`, by the rule that REST and clients go by
  unread: boolean;        // counts as unread for `user`
  reasons: Reason[];      // why it is not visible; why it is or is not unread
}

/** A sentence with the number of the rule that it follows from. */
export interface Reason {
  rule: string;  // "E15"
  text: string;
}

export interface Explanation {
  listed: boolean;
  why_listed: Reason[];
  unread: number;
  why_unread: Reason[];
  /** What the answers above are computed from: watermarks, head, pin. */
  facts: { name: string; value: string; meaning: string; rule: string }[];
}

export interface Failure {
  time: number;
  request_id: string;
  command: string;      // "" if none was recognised
  sdkappid: number;     // 0: not known
  identifier: string;
  code: number;
  reason: string;       // as in the log
}
