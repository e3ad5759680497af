// A back end as others write them: Node, its own https client, the public tls-sig-api-v2 package.
// Usage: node client_test.mjs CONFAB_PROGRAM PACKAGES_DIRECTORY
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

const [program, packages] = process.argv.slice(2);
const { Api } = createRequire(path.resolve(packages, "package.json"))("tls-sig-api-v2");

const appId = 1400000001;
const admin = "administrator";
const directory = mkdtempSync(path.join(os.tmpdir(), "confab-test-"));
const env = {
  PATH: process.env.PATH,
  CONFAB_DATA_DIR: directory,
  CONFAB_PORT: "0",
  CONFAB_OPS_PORT: "0",
};

function createApp() {
  const output = execFileSync(program, ["app", "create", "--id", String(appId)], { env });
  return /^[0-9a-f]{64}$/m.exec(output.toString())[0];
}

async function start() {
  const server = spawn(program, ["serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  for await (const line of readline.createInterface({ input: server.stdout })) {
    const ready = /^Confab is ready: (.*)$/.exec(line);
    if (ready) return { server, exited, url: ready[1] };
  }
  throw new Error("the server ended before it was ready");
}

function makeCaller(url, key) {
  const signature = new Api(appId, key).genSig(admin, 3600);
  const agent = new https.Agent({
    keepAlive: true,
    ca: readFileSync(path.join(directory, "certificate.pem")),
  });
  return (command, body) =>
    new Promise((resolve, reject) => {
      const random = Math.floor(Math.random() * 2 ** 32);
      const query = new URLSearchParams({
        sdkappid: appId,
        identifier: admin,
        usersig: signature,
        random,
        contenttype: "json",
      });
      const request = https.request(`${url}/v4/${command}?${query}`, { method: "POST", agent });
      request.on("error", reject);
      request.on("response", async (response) => {
        assert.equal(response.statusCode, 200);
        assert.match(response.headers["content-type"], /^application\/json/);
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk;
        resolve(JSON.parse(text));
      });
      request.end(JSON.stringify(body));
    });
}

const ok = { ActionStatus: "OK", ErrorCode: 0, ErrorInfo: "" };
const listRequest = {
  From_Account: "alice",
  TimeStamp: 0,
  StartIndex: 0,
  TopTimeStamp: 0,
  TopStartIndex: 0,
  AssistFlags: 7,
};

async function talkAndDelete(call) {
  for (const user of ["alice", "bob"]) {
    assert.deepEqual(await call("im_open_login_svc/account_import", { UserID: user }), ok);
  }
  const sent = await call("openim/sendmsg", {
    SyncOtherMachine: 1,
    From_Account: "bob",
    To_Account: "alice",
    MsgRandom: 4294967295,
    MsgBody: [{ MsgType: "TIMTextElem", MsgContent: { Text: "你好" } }],
  });
  assert.equal(sent.ActionStatus, "OK", JSON.stringify(sent));
  assert.equal(typeof sent.MsgTime, "number");
  assert.equal(typeof sent.MsgKey, "string");

  const list = await call("recentcontact/get_list", listRequest);
  assert.equal(list.CompleteFlag, 1);
  assert.deepEqual(list.SessionItem, [
    { Type: 1, To_Account: "bob", MsgTime: sent.MsgTime, TopFlag: 0 },
  ]);

  const deletion = { From_Account: "alice", Type: 1, To_Account: "bob", ClearRamble: 1 };
  const deleted = await call("recentcontact/delete", deletion);
  assert.deepEqual(deleted, { ...ok, ErrorDisplay: "" });
  assert.deepEqual((await call("recentcontact/get_list", listRequest)).SessionItem, []);
}

async function refuseWrongKey(url) {
  const answer = await makeCaller(url, "not-the-key-of-this-app")("recentcontact/get_list", {});
  assert.equal(answer.ActionStatus, "FAIL");
  assert.equal(answer.ErrorCode, 70009);
}

let running;
try {
  const key = createApp();
  running = await start();
  await talkAndDelete(makeCaller(running.url, key));
  await refuseWrongKey(running.url);
  running.server.kill("SIGTERM");
  assert.equal(await running.exited, 0);
} finally {
  running?.server.kill("SIGKILL");
  rmSync(directory, { recursive: true });
}
