import { type ApiRoute, route } from "@wamesh/http";
import { type CommandDeps, command, commandAnswer, commandIsNoAnswer, messageParams } from "../commands.ts";

export function cancelMessage(deps: CommandDeps): ApiRoute {
  return route({
    method: "delete",
    path: "/v1/messages/{id}",
    scope: "messages:write",
    summary: "Cancel a message",
    description:
      "A message that waits ends cancelled within a second or so. One that is just leaving, or has left, is not touched; one " +
      "whose outcome is unknown is not either, but ends cancelled instead of being sent again. A cancel holds for good: a " +
      `resend after it does nothing. ${commandIsNoAnswer}`,
    params: messageParams,
    success: { status: 202, description: "The decision is taken down.", body: commandAnswer },
    handle: ({ caller, params: { id }, note }) => {
      note({ message_id: id });
      return command(deps, caller, { id, kind: "cancel", reason: null });
    },
  });
}
