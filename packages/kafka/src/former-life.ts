/**
 * A process that was killed stays a member of its groups until their sessions are over, six seconds in which its partitions are
 * nobody's, though it may have started again long before. Whoever comes back under its name ends that.
 */

/** What a coordinator is asked here. */
export type GroupKeeper = {
  describeGroups(request: { groupIds: string[] }): Promise<{ groups: GroupSeen[] }>;
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
};

type GroupSeen = { members: { memberId: string; clientId: string }[] };

/** Takes members of this client out of the group; returns how many. Only before this process joins, which is one of them then. */
export async function endFormerLife(
  keeper: GroupKeeper,
  { groupId, clientId }: { groupId: string; clientId: string },
): Promise<number> {
  const { groups } = await keeper.describeGroups({ groupIds: [groupId] });
  const former = groups.flatMap(({ members }) => members).filter((member) => member.clientId === clientId);
  for (const { memberId } of former) await keeper.leaveGroup({ groupId, memberId });
  return former.length;
}
