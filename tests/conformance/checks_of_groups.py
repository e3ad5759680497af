"""Checks of the commands for groups and their members."""

import time

from chat import Refused, check, equal
from tencentcloud_im.tcim_client import GroupAppDefinedData, GroupAttr, GroupMemObj, GroupObj


def members_of(chat, group="team"):
    return [row["Member_Account"] for row in chat.get_group_mem_info_detail(group)["MemberList"]]


def roles_of(chat, *names):
    return [row["Role"] for row in chat.get_mem_role_in_group("team", list(names))["UserIdList"]]


@check
def create_group(chat):
    chat.people("alice", "bob", "carol")
    for kind in ("Public", "Private", "ChatRoom", "AVChatRoom"):
        equal(chat.create_group(GroupObj("alice", kind, "Team", group_id=kind)), {"GroupId": kind})
    members = [GroupMemObj("bob", "Admin", unread_msg_num=3), GroupMemObj("carol", join_time=int(time.time()))]
    made = chat.create_group(GroupObj("alice", "Public", "项目组", "about", "news", "http://example.com/a.png", 20,
                                      members))
    assert made["GroupId"].startswith("@TGS#"), made
    (group,) = chat.get_group_detail([made["GroupId"]])["GroupInfo"]
    equal([group[member] for member in ("Name", "Introduction", "Notification", "FaceUrl", "Owner_Account")],
          ["项目组", "about", "news", "http://example.com/a.png", "alice"])
    equal(sorted(members_of(chat, made["GroupId"])), ["alice", "bob", "carol"])


@check
def delete_group(chat):
    chat.team()
    equal(chat.delete_group("team"), {})
    equal(chat.get_group()["TotalCount"], 0)
    (group,) = chat.get_group_detail(["team"])["GroupInfo"]
    equal(group["ErrorCode"], 10010)


@check
def get_group(chat):
    chat.team()
    chat.create_group(GroupObj("alice", "ChatRoom", "Hall", group_id="hall"))
    # One call in a second is all that the command allows.
    equal(chat.get_group(10, 0, "Public"), {"TotalCount": 1, "GroupIdList": [{"GroupId": "team"}], "Next": 0})


@check
def get_group_detail(chat):
    chat.team()
    full, unknown = chat.get_group_detail(["team", "nowhere"])["GroupInfo"]
    equal([full["GroupId"], full["Type"], full["Name"], full["MemberNum"], full["ErrorCode"]],
          ["team", "Public", "Team", 3, 0])
    equal([unknown["GroupId"], unknown["ErrorCode"]], ["nowhere", 10010])
    (some,) = chat.get_group_detail(["team"], ["Name", "NextMsgSeq"], ["Member_Account", "Role"])["GroupInfo"]
    equal(some["Name"], "Team")
    equal(type(some["NextMsgSeq"]), int)
    equal([(row["Member_Account"], row["Role"]) for row in some["MemberList"]],
          [("alice", "Owner"), ("bob", "Member"), ("carol", "Member")])
    equal(set(some) - {"GroupId", "ErrorCode", "ErrorInfo", "Name", "NextMsgSeq", "MemberList"}, set())


@check
def get_group_mem_info_detail(chat):
    chat.team()
    everyone = chat.get_group_mem_info_detail("team")
    equal([everyone["MemberNum"], everyone["Next"]], [3, ""])
    equal([row["Member_Account"] for row in everyone["MemberList"]], ["alice", "bob", "carol"])
    page = chat.get_group_mem_info_detail("team", 2, 1, ["Role", "JoinTime"])
    equal([(row["Member_Account"], row["Role"]) for row in page["MemberList"]],
          [("bob", "Member"), ("carol", "Member")])
    owners = chat.get_group_mem_info_detail("team", memRoleFilter=["Owner"])
    equal([row["Member_Account"] for row in owners["MemberList"]], ["alice"])


@check
def update_group_baseinfo(chat):
    chat.team()
    changed = chat.update_group_baseinfo("team", "New", "about", "news", "http://example.com/b.png", 50, "FreeAccess",
                                         "On")
    equal(changed, {})
    (group,) = chat.get_group_detail(["team"])["GroupInfo"]
    expected = {"Name": "New", "Introduction": "about", "Notification": "news", "FaceUrl": "http://example.com/b.png",
                "MaxMemberNum": 50, "ApplyJoinOption": "FreeAccess", "ShutUpAllMember": "On"}
    equal({member: group[member] for member in expected}, expected)


@check
def add_group_member(chat):
    chat.team(members=["bob"])
    answer = chat.add_group_member("team", [GroupMemObj("bob"), GroupMemObj("carol")])
    equal([(row["Member_Account"], row["Result"]) for row in answer["MemberList"]], [("bob", 2), ("carol", 1)])
    equal(members_of(chat), ["alice", "bob", "carol"])


@check
def delete_group_mem(chat):
    chat.team()
    equal(chat.delete_group_mem("team", ["bob"]), {})
    equal(members_of(chat), ["alice", "carol"])


@check
def update_group_mem_info(chat):
    chat.team()
    equal(chat.update_group_mem_info("team", "bob", "Admin", "Bobby", shutUpTime=600), {})
    equal(roles_of(chat, "bob"), ["Admin"])
    row = chat.get_group_mem_info_detail("team", memRoleFilter=["Admin"])["MemberList"][0]
    equal(row["NameCard"], "Bobby")
    equal([row["Member_Account"] for row in chat.get_group_shutup_list("team")["ShuttedUinList"]], ["bob"])


@check
def get_joined_groups(chat):
    chat.team()
    equal(chat.get_joined_groups("bob"), {"TotalCount": 1, "GroupIdList": [{"GroupId": "team"}]})
    equal(chat.get_joined_groups("dave"), {"TotalCount": 0, "GroupIdList": []})
    equal(chat.get_joined_groups("bob", 10, 1, "Public"), {"TotalCount": 1, "GroupIdList": []})
    answer = chat.get_joined_groups("bob", baseInfoFilter=["Type", "Name"], selfInfoFilter=["Role"])
    equal(answer["GroupIdList"],
          [{"GroupId": "team", "Type": "Public", "Name": "Team", "SelfInfo": {"Role": "Member"}}])


@check
def get_mem_role_in_group(chat):
    chat.team()
    equal(chat.get_mem_role_in_group("team", ["alice", "bob", "dave"]), {"UserIdList": [
        {"Member_Account": "alice", "Role": "Owner"}, {"Member_Account": "bob", "Role": "Member"},
        {"Member_Account": "dave", "Role": "NotMember"}]})


@check
def forbid_send_msg(chat):
    chat.team()
    equal(chat.forbid_send_msg("team", ["bob"], 600), {})
    try:
        chat.say_in_team("bob", "hello?")
    except Refused as refused:
        equal(refused.code, 10017)
    else:
        raise AssertionError("a muted member could speak")
    equal(chat.forbid_send_msg("team", ["bob"], 0), {})
    chat.say_in_team("bob", "hello")


@check
def get_group_shutup_list(chat):
    chat.team()
    equal(chat.get_group_shutup_list("team")["ShuttedUinList"], [])
    chat.forbid_send_msg("team", ["bob"], 600)
    (row,) = chat.get_group_shutup_list("team")["ShuttedUinList"]
    equal(row["Member_Account"], "bob")
    assert abs(row["ShuttedUntil"] - time.time() - 600) < 60, row


@check
def change_group_owner(chat):
    chat.team()
    equal(chat.change_group_owner("team", "bob"), {})
    equal(roles_of(chat, "alice", "bob"), ["Member", "Owner"])


@check
def import_group_members(chat):
    chat.team(members=["bob"])
    # Nobody can have joined before the group was made.
    imported = [GroupMemObj("carol", "Admin", unread_msg_num=5), GroupMemObj("bob"), GroupMemObj("dave", join_time=1)]
    answer = chat.import_group_members("team", imported)
    equal([(row["Member_Account"], row["Result"]) for row in answer["MemberList"]],
          [("carol", 1), ("bob", 2), ("dave", 0)])
    equal(roles_of(chat, "carol"), ["Admin"])


@check
def get_online_member_num(chat):
    chat.team("AVChatRoom", members=())
    equal(chat.get_online_member_num("team"), {"OnlineMemberNum": 0})


@check
def update_group_attr(chat):
    chat.team("AVChatRoom", members=())
    equal(chat.update_group_attr("team", [GroupAttr("color", "red")]), {})
    equal(chat.get_group_attr("team")["GroupAttrAry"], [{"key": "color", "value": "red"}])


@check
def get_group_attr(chat):
    chat.team("AVChatRoom", members=())
    equal(chat.get_group_attr("team")["GroupAttrAry"], [])


@check
def clean_group_attr(chat):
    chat.team("AVChatRoom", members=())
    equal(chat.clean_group_attr("team"), {})
    equal(chat.get_group_attr("team")["GroupAttrAry"], [])
