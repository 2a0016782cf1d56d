/** What an expression may cost at most, told from its shape alone, and which shapes are refused. Pure. */
import type { ASTNode } from "@marcbachmann/cel-js";
import { largestList } from "../events/bounded-data.ts";
import { functions, macros } from "./expression-env.ts";

/** `at`: character of the expression, from 0. */
export type Objection = { at: number; problem: string; remedy: string };

/** A date in another time zone costs as much as so many other steps. */
const timeZoneSteps = 500;

type Place = {
  /** How often what stands here runs: 1, or once per item of a list. */
  times: number;
  /** The item's name inside a macro. */
  item: string | null;
};

/**
 * Steps that evaluation takes at most. What a macro does with an item must say all by the item: anything else of the event in
 * there could make each item cost as much as the whole event.
 */
export function costOf(ast: ASTNode): { steps: number; objection: Objection | null } {
  let objection: Objection | null = null;
  const object = (node: ASTNode, problem: string, remedy: string) => {
    objection ??= { at: node.start, problem, remedy };
    return 0;
  };

  function walk(node: ASTNode, place: Place): number {
    switch (node.op) {
      case "value":
        return place.times;
      case "id":
        if (place.item !== null && node.args !== place.item)
          return object(
            node,
            `uses ${node.args} for every item of a list`,
            `Use ${place.item} and fixed values only.`,
          );
        return place.times;
      case ".":
        return place.times + walk(node.args[0], place);
      case "call":
        return call(node, node.args[0], null, node.args[1], place);
      case "rcall":
        return call(node, node.args[0], node.args[1], node.args[2], place);
      case "map":
        return place.times + sum(node.args.flat(), place);
      case "!_":
      case "-_":
        return place.times + walk(node.args, place);
      case ".?":
      case "[?]":
        return object(node, "is not offered here", "See the documentation of rules.");
      default:
        return place.times + sum(node.args, place);
    }
  }

  function call(
    node: ASTNode,
    name: string,
    receiver: ASTNode | null,
    given: readonly ASTNode[],
    place: Place,
  ): number {
    if (receiver !== null && macros.has(name)) return macro(node, receiver, given, place);
    if (!functions.has(name))
      return object(node, `${name}() is not offered`, `Use one of ${[...functions].join(", ")}.`);
    if (name === "join" && given.some((one) => one.op !== "value" || String(one.args).length > 16))
      return object(node, "joins by what is not a short fixed text", 'Use join(", ") or the like.');
    const inZone = name.startsWith("get") && given.length > 0;
    if (inZone && (place.item !== null || given[0]!.op !== "value"))
      return object(node, "takes a fixed time zone, once", 'For example time.getHours("Europe/Lisbon").');
    const inner = receiver === null ? 0 : walk(receiver, place);
    return place.times * (inZone ? timeZoneSteps : 1) + inner + sum(given, place);
  }

  function macro(node: ASTNode, list: ASTNode, given: readonly ASTNode[], place: Place): number {
    if (place.item !== null)
      return object(
        node,
        "runs over a list for every item of a list",
        "Leave one of the two out: loops are not nested.",
      );
    if (!isPlainList(list))
      return object(list, "runs over a list that is made first", "Run over a list of the event as it is.");
    const [item, ...bodies] = given;
    if (item?.op !== "id")
      return object(node, "names no variable for the item", "Write it as in data.items.all(item, item.ok).");
    const inside = { times: largestList, item: item.args };
    return 1 + walk(list, place) + largestList + sum(bodies, inside);
  }

  function sum(nodes: readonly ASTNode[], place: Place): number {
    return nodes.reduce((steps, node) => steps + walk(node, place), 0);
  }

  const steps = walk(ast, { times: 1, item: null });
  return { steps, objection };
}

/** Nothing longer than a list of the event: a path into it, a fixed list, or what another macro makes of one. */
function isPlainList(node: ASTNode): boolean {
  if (node.op === "id" || node.op === "list") return true;
  if (node.op === "." || node.op === "[]") return isPlainList(node.args[0]);
  return node.op === "rcall" && macros.has(node.args[0]) && isPlainList(node.args[1]);
}
