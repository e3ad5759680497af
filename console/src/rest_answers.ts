// The parts of REST answers that pages show.
import type { Json } from './json.ts';

export interface Session {
  Type: 1 | 2;
  To_Account?: string;
  GroupId?: string;
  MsgTime: number;
  TopFlag: number;
  StandardMark?: string;
  CustomMark?: string;
  ContactGroupId?: number[];
}

export interface ListAnswer {
  SessionItem: Session[];
  CompleteFlag: number;
  TimeStamp: number;
  StartIndex: number;
  TopTimeStamp: number;
  TopStartIndex: number;
}

export interface GroupInfo {
  GroupId: string;
  ErrorCode?: number;
  ErrorInfo?: string;
  Type?: string;
  Name?: string;
  Introduction?: string;
  Notification?: string;
  Owner_Account?: string;
  CreateTime?: number;
  LastMsgTime?: number;
  NextMsgSeq?: number;
  MemberNum?: number;
  MaxMemberNum?: number;
  ApplyJoinOption?: string;
  MuteAllMember?: string;
}

export interface GroupListAnswer {
  TotalCount: number;
  GroupIdList: { GroupId: string }[];
  Next: number;
}

export interface JoinedGroup {
  GroupId: string;
  Name?: string;
  Type?: string;
  SelfInfo?: { Role?: string; JoinTime?: number; UnreadMsgNum?: number };
}

export interface Member {
  Member_Account: string;
  Role?: string;
  JoinTime?: number;
  NameCard?: string;
  MuteUntil?: number;
}

export interface MembersAnswer {
  MemberNum: number;
  MemberList: Member[];
  Next: string;
}

export interface GroupMessage {
  From_Account: string;
  MsgSeq: number;
  MsgTimeStamp: number;
  IsPlaceMsg: number;
  IsSystemMsg?: number;
  MsgBody: Json;
}

export interface GroupMessagesAnswer {
  IsFinished: number;
  RspMsgList: GroupMessage[];
}
