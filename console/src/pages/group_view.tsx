// One group: what it is, its members, its messages.
import { adminOf } from '../choice.ts';
import type { App } from '../contract.ts';
import { MessageBody } from '../parts/history.tsx';
import { Paged } from '../parts/paged.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { ForeignText } from '../parts/text.tsx';
import { Time } from '../parts/time.tsx';
import type { GroupInfo, GroupMessage, GroupMessagesAnswer, Member, MembersAnswer } from '../rest_answers.ts';
import { hrefOf } from '../router.ts';
import { command, CommandFailed } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { usePages } from '../use_pages.ts';

interface Props {
  app: App;
  group: string;
}

const kService = 'group_open_http_svc';
const kMembers = 100;
const kMessages = 20; // as many as come at once

export function GroupView({ app, group }: Props) {
  const load = useLoad(async () => {
    const { GroupInfo } = await command<{ GroupInfo: GroupInfo[] }>(
      app.sdkappid,
      adminOf(app),
      `${kService}/get_group_info`,
      {
        GroupIdList: [group],
      },
    );
    const info = GroupInfo[0];
    if (info?.ErrorCode)
      throw new CommandFailed(
        `${kService}/get_group_info`,
        info.ErrorCode,
        info.ErrorInfo || `There is no group ${group}.`,
      );
    return info ?? { GroupId: group };
  }, []);
  return (
    <>
      <p class="back">
        <a href={hrefOf('groups', app.sdkappid)}>← All groups</a>
      </p>
      <h1>{group}</h1>
      <Loaded load={load}>
        {(info) => (
          <>
            <Profile info={info} />
            <div class="columns">
              <Members app={app} group={group} />
              <Messages app={app} group={group} />
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Profile({ info }: { info: GroupInfo }) {
  return (
    <dl class="facts">
      <dt>Name</dt>
      <dd>
        <ForeignText text={info.Name ?? ''} />
      </dd>
      <dt>Kind</dt>
      <dd>{info.Type}</dd>
      <dt>Owner</dt>
      <dd>{info.Owner_Account || 'none'}</dd>
      <dt>Members</dt>
      <dd>
        {info.MemberNum}
        {info.MaxMemberNum ? ` of at most ${info.MaxMemberNum}` : ''}
      </dd>
      <dt>Made</dt>
      <dd>
        <Time at={info.CreateTime ?? 0} />
      </dd>
      <dt>Next MsgSeq</dt>
      <dd>{info.NextMsgSeq}</dd>
      <dt>Joining</dt>
      <dd>{info.ApplyJoinOption ?? '—'}</dd>
      <dt>Everyone muted</dt>
      <dd>{info.MuteAllMember === 'On' ? 'yes: only owner and admins may speak' : 'no'}</dd>
      {info.Introduction && (
        <>
          <dt>Introduction</dt>
          <dd>
            <ForeignText text={info.Introduction} />
          </dd>
        </>
      )}
      {info.Notification && (
        <>
          <dt>Notice</dt>
          <dd>
            <ForeignText text={info.Notification} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Members({ app, group }: Props) {
  const pages = usePages<Member, string>(async (next = '') => {
    const answer = await command<MembersAnswer>(app.sdkappid, adminOf(app), `${kService}/get_group_member_info`, {
      GroupId: group,
      Limit: kMembers,
      Next: next,
    });
    return { rows: answer.MemberList, next: answer.Next || undefined };
  }, []);
  return (
    <section aria-label="Members">
      <h2>Members</h2>
      <Paged pages={pages} moreLabel="More members" empty={<Empty title="This group lists no members." />}>
        {(members) => (
          <>
            <p class="hint">In the order of joining; a name leads to what that member sees of the group.</p>
            <ul class="rows">
              {members.map((member) => (
                <MemberRow
                  key={member.Member_Account}
                  member={member}
                  href={hrefOf('conversations', app.sdkappid, member.Member_Account, 'group', group)}
                />
              ))}
            </ul>
          </>
        )}
      </Paged>
    </section>
  );
}

function MemberRow({ member, href }: { member: Member; href: string }) {
  return (
    <li>
      <a class="row-link" href={href}>
        <span class="grow">
          <strong>{member.Member_Account}</strong> <ForeignText text={member.NameCard ?? ''} />
          {member.Role !== 'Member' && <span class="badge">{member.Role}</span>}
          {(member.MuteUntil ?? 0) > 0 && <span class="badge">muted</span>}
        </span>
        <span class="hint">
          since <Time at={member.JoinTime ?? 0} />
        </span>
      </a>
    </li>
  );
}

function Messages({ app, group }: Props) {
  const pages = usePages<GroupMessage, number>(async (newest = 0) => {
    const { RspMsgList } = await command<GroupMessagesAnswer>(
      app.sdkappid,
      adminOf(app),
      `${kService}/group_msg_get_simple`,
      {
        GroupId: group,
        ReqMsgNumber: kMessages,
        ReqMsgSeq: newest,
        WithRecalledMsg: 1,
      },
    );
    const oldest = RspMsgList.at(-1)?.MsgSeq ?? 1;
    return { rows: RspMsgList, next: oldest > 1 ? oldest - 1 : undefined };
  }, []);
  return (
    <section aria-label="Messages">
      <h2>Messages</h2>
      <Paged pages={pages} moreLabel="Older messages" empty={<Empty title="No message is stored in this group." />}>
        {(messages) => (
          <ol class="messages">
            {messages.map((message) => (
              <GroupMessageRow key={message.MsgSeq} message={message} />
            ))}
          </ol>
        )}
      </Paged>
    </section>
  );
}

const kPlaces = ['', 'expired', 'recalled'];

function GroupMessageRow({ message }: { message: GroupMessage }) {
  const place = kPlaces[message.IsPlaceMsg];
  return (
    <li class="message">
      <div class="message-head">
        <strong>
          <ForeignText text={message.From_Account ?? ''} />
        </strong>
        <Time at={message.MsgTimeStamp} />
        <span class="hint">MsgSeq {message.MsgSeq}</span>
        {place && <span class="badge">{place}</span>}
        {message.IsSystemMsg === 1 && <span class="badge">notice</span>}
      </div>
      {message.MsgBody !== undefined && <MessageBody body={message.MsgBody} />}
    </li>
  );
}
