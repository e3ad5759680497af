"""What a check works with: the client, and the same few fixtures for all."""

import inspect

from server import ADMIN, APP_ID
from tencentcloud_im.tcim_client import GroupMemObj, GroupObj, MessageObj, MessageText, TCIMClient

ENVELOPE = ("ActionStatus", "ErrorCode", "ErrorInfo", "ErrorDisplay")

# Name of a command of the client -> the check that calls it.
CHECKS = {}


def check(function):
    """Registers a check under its name, which is that of the client's command."""
    assert function.__name__ not in CHECKS, function.__name__
    CHECKS[function.__name__] = function
    return function


def commands_of_the_client():
    return [name for name, _ in inspect.getmembers(TCIMClient, inspect.isfunction) if not name.startswith("_")]


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, command, answer):
        super().__init__(f"{command}: {answer}")
        self.command = command
        self.code = answer["ErrorCode"]


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"\n  expected {expected}\n  actual   {actual}")


class Chat:
    """Every command of the client by its name; gives the answer's members beside the envelope."""

    def __init__(self, server):
        self.client = TCIMClient(APP_ID, server.key, ADMIN, tencent_url=f"{server.url}/v4")
        self.called = set()

    def __getattr__(self, name):
        def call(*arguments, **options):
            self.called.add(name)
            return self._members(name, getattr(self.client, name)(*arguments, **options))
        return call

    @staticmethod
    def _members(name, response):
        if response is None:
            raise AssertionError(f"{name}: the client sent nothing or could not read the answer; see its log")
        equal(response.status_code, 200)
        equal(response.headers["Content-Type"].split(";")[0], "application/json")
        answer = response.json()
        for member, kind in (("ActionStatus", str), ("ErrorCode", int), ("ErrorInfo", str)):
            if not isinstance(answer.get(member), kind):
                raise AssertionError(f"{name}: {member} in {answer}")
        if answer["ErrorCode"] != 0:
            equal(answer["ActionStatus"], "FAIL")
            raise Refused(name, answer)
        equal(answer["ActionStatus"], "OK")
        equal(answer["ErrorInfo"], "")
        return {member: value for member, value in answer.items() if member not in ENVELOPE}

    # Fixtures.

    def people(self, *names):
        equal(self.batch_add_users(list(names)), {"FailAccounts": []})

    def say(self, sender, receiver, text):
        """Sends a text message; gives its MsgKey and MsgTime."""
        return self.send_message(MessageObj(sender, receiver, [MessageText(text)]))

    def team(self, kind="Public", members=("bob", "carol")):
        """A group "team" that alice owns."""
        self.people("alice", "bob", "carol", "dave")
        group = GroupObj("alice", kind, "Team", mem_list=[GroupMemObj(name) for name in members], group_id="team")
        equal(self.create_group(group), {"GroupId": "team"})

    def say_in_team(self, sender, text):
        return self.send_group_message("team", [MessageText(text)], from_account=sender)["MsgSeq"]
