"""The data that load.lua's jobs work on, made through the REST API."""

PEERS = 500  # as many as one batchsendmsg takes


def text_message(text, random):
    return {
        "MsgRandom": random,
        "MsgBody": [{"MsgType": "TIMTextElem", "MsgContent": {"Text": text}}],
    }


class Data:
    def __init__(self, confab):
        self.confab = confab
        self.random = 0
        self.senders = 0
        self.accounts(f"p{i}" for i in range(PEERS))

    def accounts(self, names):
        names = list(names)
        for i in range(0, len(names), 100):
            self.confab.call("im_open_login_svc/multiaccount_import", Accounts=names[i : i + 100])

    def send(self, sender, peers, times=1, text="hello", prefix="p"):
        """Messages of a sender to the first so many peers."""
        for _ in range(times):
            for first in range(0, peers, PEERS):
                self.random += 1
                self.confab.call(
                    "openim/batchsendmsg",
                    SyncOtherMachine=1,
                    From_Account=sender,
                    To_Account=[f"{prefix}{i}" for i in range(first, min(first + PEERS, peers))],
                    **text_message(text, self.random),
                )

    def pairs(self, count):
        """A listed conversation with a message for each of `count` pairs. Gives their options."""
        options = self.writers(-(-count // PEERS))
        for i in range(options["senders"]):
            self.send(f"s{i}", PEERS)
        return options

    def writers(self, count):
        """Accounts s0, s1 …"""
        self.accounts(f"s{i}" for i in range(self.senders, count))
        self.senders = max(self.senders, count)
        return {"senders": count}

    def readers(self, count, conversations):
        """Accounts r0, r1 … with so many conversations each."""
        self.accounts(f"r{i}" for i in range(count))
        for i in range(count):
            self.send(f"r{i}", conversations)
        return {"readers": count}

    def history(self, writer, peers, messages, text):
        """Conversations of a writer with peers, with so many messages each."""
        self.accounts([writer])
        self.send(writer, peers, messages, text)
        return {"reader": writer, "peer": "p", "peers": peers}

    def groups(self, prefix, count, members):
        """Groups with p0 and others as members."""
        others = [f"m{i}" for i in range(members - 1)]
        self.accounts(others)
        for i in range(count):
            group = f"{prefix}{i}"
            self.confab.call(
                "group_open_http_svc/create_group",
                Type="Public" if members <= 2000 else "Community",
                Name=group,
                GroupId=group,
                Owner_Account="p0",
            )
            for first in range(0, len(others), 100):
                self.confab.call(
                    "group_open_http_svc/add_group_member",
                    GroupId=group,
                    Silence=1,
                    MemberList=[{"Member_Account": each} for each in others[first : first + 100]],
                )
        return {"group": prefix, "groups": count}
