"""Checks of the commands for friends, as they must answer when they are served."""

from chat import check, equal
from tencentcloud_im.tcim_client import FriendObj, SnsItemObj, UpdateFriendObj


def befriend(chat):
    chat.people("alice", "bob", "carol")
    return chat.add_friend("alice", [FriendObj("bob", "web", "Bobby"), FriendObj("carol", "web")])["ResultItem"]


def friends_of_alice(chat):
    answer = chat.get_friends("alice")
    equal(answer["CompleteFlag"], 1)
    return sorted(row["To_Account"] for row in answer.get("UserDataItem", []))


@check
def add_friend(chat):
    equal([(row["To_Account"], row["ResultCode"]) for row in befriend(chat)], [("bob", 0), ("carol", 0)])
    equal(friends_of_alice(chat), ["bob", "carol"])


@check
def delete_friends(chat):
    chat.people("alice", "bob")
    equal([row["To_Account"] for row in chat.delete_friends("alice", ["bob"])["ResultItem"]], ["bob"])


@check
def update_friend(chat):
    chat.people("alice", "bob")
    item = UpdateFriendObj("bob", [SnsItemObj("Tag_SNS_IM_Remark", "Bobby")])
    equal([row["To_Account"] for row in chat.update_friend("alice", [item])["ResultItem"]], ["bob"])


@check
def get_target_friends(chat):
    chat.people("alice", "bob")
    answer = chat.get_target_friends("alice", ["bob"], ["Tag_SNS_IM_Remark"])
    equal([row["To_Account"] for row in answer["InfoItem"]], ["bob"])


@check
def get_friends(chat):
    chat.people("alice")
    equal(friends_of_alice(chat), [])


@check
def add_sns_group(chat):
    chat.people("alice", "bob")
    equal([row["To_Account"] for row in chat.add_sns_group("alice", ["work"], ["bob"])["ResultItem"]], ["bob"])


@check
def delete_sns_group(chat):
    chat.people("alice")
    assert "CurrentSequence" in chat.delete_sns_group("alice", ["work"])


@check
def get_sns_group(chat):
    chat.people("alice")
    equal(chat.get_sns_group("alice").get("ResultItem", []), [])
