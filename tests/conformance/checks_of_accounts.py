"""Checks of the commands for accounts."""

import zlib

from chat import check, equal
from tencentcloud_im.tcim_client import TCIMClient
from server import ADMIN, APP_ID
from TLSSigAPIv2 import base64_decode_url


@check
def get_user_sig(chat):
    signature = chat.client.get_user_sig("alice", 600)
    chat.called.add("get_user_sig")
    text = zlib.decompress(base64_decode_url(signature.encode())).decode()
    assert f'"TLS.sdkappid": {APP_ID}' in text, text
    # The server takes such a signature: every call carries one, made for the admin.
    assert '"TLS.identifier": "alice"' in text, text
    equal(chat.add_single_user("alice", "Alice", ""), {})


@check
def add_single_user(chat):
    equal(chat.add_single_user("alice", "爱丽丝", "http://example.com/a.png"), {})
    # Again, with another name.
    equal(chat.add_single_user("alice", "Alice", ""), {})
    equal(chat.search_user(["alice"])["ResultItem"][0]["AccountStatus"], "Imported")


@check
def batch_add_users(chat):
    equal(chat.batch_add_users([f"user{i}" for i in range(100)]), {"FailAccounts": []})
    rows = chat.search_user(["user0", "user99", "user100"])["ResultItem"]
    equal([row["AccountStatus"] for row in rows], ["Imported", "Imported", "NotImported"])


@check
def del_user(chat):
    chat.people("alice", "bob")
    rows = chat.del_user(["alice", "nobody"])["ResultItem"]
    equal([(row["UserID"], row["ResultCode"]) for row in rows], [("alice", 0), ("nobody", 70107)])
    equal([type(row["ResultInfo"]) for row in rows], [str, str])
    rows = chat.search_user(["alice", "bob"])["ResultItem"]
    equal([row["AccountStatus"] for row in rows], ["NotImported", "Imported"])


@check
def search_user(chat):
    chat.people("alice")
    equal(chat.search_user(["alice", "nobody"]), {"ResultItem": [
        {"UserID": "alice", "ResultCode": 0, "ResultInfo": "", "AccountStatus": "Imported"},
        {"UserID": "nobody", "ResultCode": 0, "ResultInfo": "", "AccountStatus": "NotImported"},
    ]})


@check
def abolition_user_sig(chat):
    chat.people("alice")
    equal(chat.abolition_user_sig("alice"), {})


@check
def check_user_online(chat):
    chat.people("alice", "bob")
    answer = chat.check_user_online(["alice", "bob", "nobody"])
    equal([(row["To_Account"], row["Status"]) for row in answer["QueryResult"]],
          [("alice", "Offline"), ("bob", "Offline")])
    equal([(row["To_Account"], row["ErrorCode"]) for row in answer["ErrorList"]], [("nobody", 70107)])
