"""Checks of the commands for one-to-one messages."""

import time

from chat import check, equal
from tencentcloud_im.tcim_client import BatchMessageObj, MessageFile, MessageObj, MessageText


def history(chat, one, other, count=20, last_key=""):
    now = int(time.time())
    return chat.get_message_list(one, other, count, now - 3600, now + 60, last_key)


def texts(answer):
    return [row["MsgBody"][0]["MsgContent"]["Text"] for row in answer["MsgList"]]


@check
def send_message(chat):
    chat.people("alice", "bob")
    file = MessageFile("http://example.com/plan.pdf", 1773552, "plan.pdf")
    message = MessageObj("alice", "bob", [MessageText("你好"), MessageText("hello")], [file], extra_data="extra")
    sent = chat.send_message(message)
    assert abs(sent["MsgTime"] - time.time()) < 60, sent
    assert isinstance(sent["MsgKey"], str), sent
    (row,) = history(chat, "bob", "alice")["MsgList"]
    equal([row["From_Account"], row["To_Account"], row["MsgKey"]], ["alice", "bob", sent["MsgKey"]])
    equal(row["MsgRandom"], message.MsgRandom)
    equal(row["MsgTimeStamp"], sent["MsgTime"])
    equal(row["CloudCustomData"], "extra")
    equal([element["MsgType"] for element in row["MsgBody"]], ["TIMTextElem", "TIMTextElem", "TIMFileElem"])
    equal(row["MsgBody"][0]["MsgContent"], {"Text": "你好"})
    equal(row["MsgBody"][2]["MsgContent"], file.MsgContent)


@check
def batch_send_message(chat):
    chat.people("alice", "bob", "carol")
    chat.batch_send_message(BatchMessageObj("alice", ["bob", "carol"], [MessageText("to both")]))
    equal(texts(history(chat, "bob", "alice")), ["to both"])
    equal(texts(history(chat, "carol", "alice")), ["to both"])


@check
def import_message_to_im(chat):
    chat.people("alice", "bob")
    now = int(time.time())
    for silently, text in ((1, "counted"), (2, "not counted")):
        message = MessageObj("alice", "bob", [MessageText(text)])
        equal(chat.import_message_to_im(message, now - 60 * silently, silently), {})
    equal(texts(history(chat, "bob", "alice")), ["not counted", "counted"])
    equal(chat.get_unread_num("bob"), {"AllC2CUnreadMsgNum": 1})


@check
def get_message_list(chat):
    chat.people("alice", "bob")
    equal(history(chat, "alice", "bob"),
          {"Complete": 1, "MsgCnt": 0, "LastMsgTime": 0, "LastMsgKey": "", "MsgList": []})
    for number in range(5):
        chat.say("alice", "bob", str(number))
    # As a caller pages: until Complete, each page from the key and the time of the one before.
    seen = []
    until, last_key = int(time.time()) + 60, ""
    for _ in range(5):
        page = chat.get_message_list("alice", "bob", 2, 0, until, last_key)
        equal(page["MsgCnt"], len(page["MsgList"]))
        seen += texts(page)
        if page["Complete"] == 1:
            break
        until, last_key = page["LastMsgTime"], page["LastMsgKey"]
    equal(sorted(seen), ["0", "1", "2", "3", "4"])
    row = page["MsgList"][0]
    for member in ("From_Account", "To_Account", "MsgSeq", "MsgRandom", "MsgTimeStamp", "MsgFlagBits", "IsPeerRead",
                   "MsgKey", "MsgBody"):
        assert member in row, (member, row)


@check
def draw_message(chat):
    chat.people("alice", "bob")
    key = chat.say("alice", "bob", "a mistake")["MsgKey"]
    equal(chat.draw_message("alice", "bob", key), {})
    (row,) = history(chat, "bob", "alice")["MsgList"]
    equal(row["MsgFlagBits"], 8)
    equal(chat.get_unread_num("bob"), {"AllC2CUnreadMsgNum": 0})


@check
def set_user_message_read(chat):
    chat.people("alice", "bob", "carol")
    chat.say("alice", "bob", "1")
    chat.say("carol", "bob", "2")
    equal(chat.set_user_message_read("bob", "alice"), {})
    equal(chat.get_unread_num("bob"), {"AllC2CUnreadMsgNum": 1})
    equal(chat.set_user_message_read("bob", "carol", int(time.time())), {})
    equal(chat.get_unread_num("bob"), {"AllC2CUnreadMsgNum": 0})
    # That needs a receipt of the peer's device.
    equal(history(chat, "alice", "bob")["MsgList"][0]["IsPeerRead"], 0)


@check
def get_unread_num(chat):
    chat.people("alice", "bob", "carol")
    chat.say("alice", "bob", "1")
    chat.say("alice", "bob", "2")
    chat.say("carol", "bob", "3")
    equal(chat.get_unread_num("bob"), {"AllC2CUnreadMsgNum": 3})
    equal(chat.get_unread_num("bob", ["alice", "carol"])["C2CUnreadMsgNumList"], [
        {"Peer_Account": "alice", "C2CUnreadMsgNum": 2}, {"Peer_Account": "carol", "C2CUnreadMsgNum": 1}])
