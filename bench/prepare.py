"""The data that load.lua's jobs work on, made through the REST API."""

import base64
import os

from wire import send_all

PEERS = 500  # as many as one batchsendmsg takes
JOINING = 300  # as many as one add_group_member takes


def text_body(text):
    return [{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}]


def text_message(text, random):
    return {"MsgRandom": random, "MsgBody": text_body(text)}


def sendmsg_body(sender, peer, text, random):
    return {"From_Account": sender, "To_Account": peer, **text_message(text, random)}


def random_text(length):
    """Text that does not compress, so that bytes on disk are those of messages."""
    return base64.b64encode(os.urandom(length * 3 // 4 + 3)).decode()[:length]


class Data:
    def __init__(self, confab):
        self.confab = confab
        self.random = 0
        self.senders = self.peers = self.members = 0
        self.more_peers(PEERS)

    def more_peers(self, count):
        """Accounts p0, p1 …"""
        self.accounts(f"p{i}" for i in range(self.peers, count))
        self.peers = max(self.peers, count)

    def accounts(self, names):
        names = list(names)
        for i in range(0, len(names), 100):
            self.confab.call("im_open_login_svc/multiaccount_import", Accounts=names[i : i + 100])

    def send(self, sender, peers, times=1, text="hello"):
        """Messages of a sender to the first so many peers."""
        self.send_calls(self.batches(sender, peers, text) for _ in range(times))

    def batches(self, sender, peers, text):
        """The calls with which a sender writes to the first so many peers."""
        for first in range(0, peers, PEERS):
            self.random += 1
            yield (
                "openim/batchsendmsg",
                {
                    "SyncOtherMachine": 1,
                    "From_Account": sender,
                    "To_Account": [f"p{i}" for i in range(first, min(first + PEERS, peers))],
                    **text_message(text, self.random),
                },
            )

    def send_calls(self, groups_of_calls):
        calls = (call for group in groups_of_calls for call in group)
        if self.confab.tls:
            for command, body in calls:
                self.confab.call(command, **body)
        else:
            # Few at once: with 500 recipients each, more would take longer than the server waits.
            send_all(self.confab, calls, at_once=8)

    def pairs(self, count):
        """A listed conversation with a message for each of `count` pairs. Gives their options."""
        options = self.writers(-(-count // PEERS))
        self.send_calls(self.batches(f"s{i}", PEERS, "hello") for i in range(options["senders"]))
        return options

    def writers(self, count):
        """Accounts s0, s1 …"""
        self.accounts(f"s{i}" for i in range(self.senders, count))
        self.senders = max(self.senders, count)
        return {"senders": count}

    def readers(self, count, conversations, prefix="r"):
        """Accounts r0, r1 … with so many conversations each."""
        self.more_peers(conversations)
        self.accounts(f"{prefix}{i}" for i in range(count))
        self.send_calls(
            self.batches(f"{prefix}{i}", conversations, "hello") for i in range(count)
        )
        return {"owner": prefix, "readers": count}

    def history(self, writer, peers, messages, text):
        """Conversations of a writer with peers, with so many messages each."""
        self.more_peers(peers)
        self.accounts([writer])
        self.send(writer, peers, messages, text)
        return {"reader": writer, "peer": "p", "peers": peers}

    def messages(self, sender, peer, count, length=180):
        """Many messages in one conversation, each with a text of its own."""
        start, self.random = self.random + 1, self.random + count
        send_all(
            self.confab,
            (
                ("openim/sendmsg", sendmsg_body(sender, peer, random_text(length), start + i))
                for i in range(count)
            ),
        )

    def group_messages(self, group, count, length=180):
        start, self.random = self.random + 1, self.random + count
        send_all(
            self.confab,
            (
                (
                    "group_open_http_svc/send_group_msg",
                    {
                        "GroupId": group,
                        "From_Account": "p0",
                        "Random": start + i,
                        "MsgBody": text_body(random_text(length)),
                    },
                )
                for i in range(count)
            ),
        )

    def groups(self, prefix, count, members, kind="Public"):
        """Groups with p0 as the owner and m0, m1 …"""
        others = [f"m{i}" for i in range(members - 1)]
        self.accounts(others[self.members :])
        self.members = max(self.members, len(others))
        for i in range(count):
            group = f"{prefix}{i}"
            self.confab.call(
                "group_open_http_svc/create_group",
                Type=kind,
                Name=group,
                GroupId=group,
                Owner_Account="p0",
            )
            for first in range(0, len(others), JOINING):
                self.confab.call(
                    "group_open_http_svc/add_group_member",
                    GroupId=group,
                    Silence=1,
                    MemberList=[{"Member_Account": each} for each in others[first : first + JOINING]],
                )
        return {"group": prefix, "groups": count}
