"""Checks of the commands for messages in groups."""

import time

from chat import check, equal
from tencentcloud_im.tcim_client import GroupMessageObj, MessageFile, MessageText


def newest(chat, count):
    """The newest rows of the group's history."""
    return chat.get_msg_in_group("team", count)["RspMsgList"]


@check
def send_group_message(chat):
    chat.team()
    file = MessageFile("http://example.com/plan.pdf", 1773552, "plan.pdf")
    sent = chat.send_group_message("team", [MessageText("你好")], [file], from_account="bob", msgPriority="High")
    assert abs(sent["MsgTime"] - time.time()) < 60, sent
    (row,) = newest(chat, 1)
    equal([row["MsgSeq"], row["MsgTimeStamp"], row["From_Account"]], [sent["MsgSeq"], sent["MsgTime"], "bob"])
    equal([element["MsgContent"] for element in row["MsgBody"]], [{"Text": "你好"}, file.MsgContent])
    # Without a sender it is the admin.
    chat.send_group_message("team", [MessageText("from above")])
    equal(newest(chat, 1)[0]["From_Account"], "administrator")
    # To some members only.
    only = chat.send_group_message("team", [MessageText("psst")], to_accounts=["carol"], from_account="bob")
    equal(only["MsgSeq"], sent["MsgSeq"] + 2)


@check
def send_system_message_in_group(chat):
    chat.team()
    equal(chat.send_system_message_in_group("team", "maintenance at 22:00"), {})
    equal(chat.send_system_message_in_group("team", "for bob", ["bob"]), {})


@check
def recall_group_message(chat):
    chat.team()
    kept, first, second = (chat.say_in_team("bob", text) for text in ("kept", "1", "2"))
    equal(chat.recall_group_message("team", [first, second, second + 100]), {"RecallRetList": [
        {"MsgSeq": first, "RetCode": 0}, {"MsgSeq": second, "RetCode": 0}, {"MsgSeq": second + 100, "RetCode": 10030}]})
    equal([(row["MsgSeq"], row["IsPlaceMsg"]) for row in newest(chat, 3)], [(second, 2), (first, 2), (kept, 0)])
    hidden = chat.get_msg_in_group("team", 3, with_recalled_msg=0)["RspMsgList"]
    equal([row["MsgSeq"] for row in hidden if row["MsgSeq"] >= kept], [kept])


@check
def import_message_to_group(chat):
    chat.team()
    now = int(time.time())
    messages = [GroupMessageObj("bob", now, [MessageText("1")]), GroupMessageObj("carol", now, [MessageText("2")])]
    rows = chat.import_message_to_group("team", 1, messages)["ImportMsgResult"]
    equal([sorted(row) for row in rows], [["MsgSeq", "MsgTime", "Result"]] * 2)


@check
def set_group_unread_msg_num(chat):
    chat.team()
    chat.say_in_team("alice", "1")
    equal(chat.set_group_unread_msg_num("team", "bob", 0), {})
    answer = chat.get_joined_groups("bob", selfInfoFilter=["UnreadMsgNum"])
    equal(answer["GroupIdList"][0]["SelfInfo"]["UnreadMsgNum"], 0)


@check
def delete_group_msg_by_sender(chat):
    chat.team()
    first, other, last = chat.say_in_team("bob", "1"), chat.say_in_team("carol", "2"), chat.say_in_team("bob", "3")
    equal(chat.delete_group_msg_by_sender("team", "bob"), {})
    equal([(row["MsgSeq"], row["IsPlaceMsg"]) for row in newest(chat, 3)], [(last, 2), (other, 0), (first, 2)])


@check
def get_msg_in_group(chat):
    chat.team()
    sent = [chat.say_in_team("bob", str(number)) for number in range(5)]
    page = chat.get_msg_in_group("team", 2)
    equal([page["GroupId"], page["IsFinished"]], ["team", 1])
    row = page["RspMsgList"][0]
    equal(row["MsgBody"], [{"MsgType": "TIMTextElem", "MsgContent": {"Text": "4"}}])
    for member in ("From_Account", "IsPlaceMsg", "MsgRandom", "MsgSeq", "MsgTimeStamp"):
        assert member in row, (member, row)
    equal(type(row["MsgPriority"]), int)
    # As a caller pages: from one below the smallest that came.
    older = chat.get_msg_in_group("team", 3, msg_seq=page["RspMsgList"][-1]["MsgSeq"] - 1)
    equal([row["MsgSeq"] for row in page["RspMsgList"] + older["RspMsgList"]], sent[::-1])
