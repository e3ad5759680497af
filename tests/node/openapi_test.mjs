// What /openapi.json says, held to the OpenAPI schema by a validator that is not ours, and to the
// running server: each command's example is sent, and succeeds with the answer that is described.
// Usage: node openapi_test.mjs CONFAB_PROGRAM PACKAGES_DIRECTORY
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

const [program, packages] = process.argv.slice(2);
const require = createRequire(path.resolve(packages, "package.json"));
const { Validator } = await import(require.resolve("@seriousme/openapi-schema-validator"));
const Ajv = require("ajv/dist/2020.js").default;

const token = "the token of this test, long enough";
const directory = mkdtempSync(path.join(os.tmpdir(), "confab-test-"));
const server = spawn(program, ["serve", "--demo"], {
  env: {
    PATH: process.env.PATH,
    CONFAB_DATA_DIR: directory,
    CONFAB_PORT: "0",
    CONFAB_OPS_PORT: "0",
    CONFAB_CONSOLE_TOKEN: token,
    // The examples' times are of 2023.
    CONFAB_CONVERSATION_ROAMING_DAYS: "36500",
    CONFAB_RATE_PROFILE: "off",
  },
  stdio: ["ignore", "pipe", "ignore"],
});
process.on("exit", () => {
  server.kill();
  rmSync(directory, { recursive: true, force: true });
});

async function operations() {
  for await (const line of readline.createInterface({ input: server.stdout })) {
    const found = /^Operations: (\S+)\/healthz/.exec(line);
    if (found) return found[1];
  }
  throw new Error("the server ended before it was ready");
}
const ops = await operations();

async function call(command, body) {
  const answer = await fetch(`${ops}/console/call`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ sdkappid: 88888888, identifier: "admin", command, body: JSON.stringify(body) }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return JSON.parse((await answer.json()).body);
}

async function succeed(command, body) {
  const answer = await call(command, body);
  assert.equal(answer.ErrorCode, 0, `${command}: ${JSON.stringify(answer)}`);
  return answer;
}

const text = [{ MsgType: "TIMTextElem", MsgContent: { Text: "hi" } }];
const group = "group_open_http_svc";
const importedMessage = {
  SyncFromOldSystem: 2, From_Account: "id1", To_Account: "id2", MsgSeq: 93847, MsgRandom: 1287,
  MsgTimeStamp: 1700000000, MsgBody: text,
};

/** Two friends, and a team of them with three messages: what the examples speak of. */
async function prepare() {
  await succeed("im_open_login_svc/multiaccount_import", { Accounts: ["id1", "id2", "id3", "id4"] });
  await call(`${group}/destroy_group`, { GroupId: "team" });
  await succeed(`${group}/create_group`, {
    GroupId: "team", Type: "Public", Name: "Team", Owner_Account: "id1", MemberList: [{ Member_Account: "id2" }],
  });
  for (const random of [1, 2])
    await succeed(`${group}/send_group_msg`, { GroupId: "team", From_Account: "id2", Random: random, MsgBody: text });
}

const importedTeam = async () => {
  await succeed(`${group}/destroy_group`, { GroupId: "team" });
  await succeed(`${group}/import_group`, {
    GroupId: "team", Type: "Public", Name: "Team", Owner_Account: "id1", CreateTime: 1700000000,
  });
};
const withImportedMessage = () => succeed("openim/importmsg", importedMessage);
const withWorkGroup = async () => {
  await call("recentcontact/create_contact_group", { From_Account: "id1", GroupContactItem: [{ GroupName: "work", ContactItem: [{ Type: 1, To_Account: "id2" }] }] });
};

/** What single examples need beside that. */
const before = {
  "openim/admin_msgwithdraw": withImportedMessage,
  "openim/modify_c2c_msg": withImportedMessage,
  "recentcontact/update_contact_group": withWorkGroup,
  "recentcontact/del_contact_group": withWorkGroup,
  "group_open_http_svc/import_group_msg": importedTeam,
  "group_open_http_svc/import_group_member": importedTeam,
};

/** An extension hangs on a message that was sent for it; an example cannot know its key. */
async function withSentMessage(example) {
  const { MsgKey } = await succeed("openim/sendmsg", {
    From_Account: "id1", To_Account: "id2", MsgRandom: 5, MsgBody: text, SupportMessageExtension: 1,
  });
  return { ...example, MsgKey };
}

const document = await (await fetch(`${ops}/openapi.json`)).json();
const verdict = await new Validator().validate(structuredClone(document));
assert.ok(verdict.valid, JSON.stringify(verdict.errors, null, 2));
assert.equal(document.openapi, "3.1.0");

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema({ $id: "openapi", components: document.components });
const compile = (schema) => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components')));

// A recalled message cannot be imported again (G8), so recalling comes last.
const isLast = (at) => at.endsWith("admin_msgwithdraw");
const paths = Object.keys(document.paths).sort((a, b) => isLast(a) - isLast(b));
assert.ok(paths.length >= 40, `only ${paths.length} commands`);
for (const at of paths) {
  const command = at.replace("/v4/", "");
  const operation = document.paths[at].post;
  const { schema, example } = operation.requestBody.content["application/json"];
  const isRequest = compile(schema);
  assert.ok(isRequest(example), `${command}: the example: ${ajv.errorsText(isRequest.errors)}`);
  assert.ok(operation["x-errors"].every((error) => error.fix), `${command}: a code without a fix`);

  await prepare();
  await before[command]?.();
  const body = command.startsWith("openim_msg_ext") ? await withSentMessage(example) : example;
  const answer = await succeed(command, body);
  const isAnswer = compile(operation.responses["200"].content["application/json"].schema);
  assert.ok(isAnswer(answer), `${command}: ${JSON.stringify(answer)}: ${ajv.errorsText(isAnswer.errors)}`);
}
console.log(`${paths.length} examples pass`);
process.exit(0);
