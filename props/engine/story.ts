/** An operation as a phrase. Requests, payments and messages have the numbers of the run's data. */
import type { Operation } from "./operations.ts";

export function tellOperation(operation: Operation): string {
  switch (operation.do) {
    case "buy":
      return `b${operation.buyer} asks s${operation.server} for ${operation.qty}`;
    case "buy again":
      return (
        `request ${operation.request} comes again, to s${operation.server}` +
        (operation.isChanged ? " and for one more" : "")
      );
    case "query":
      return `the buyer of request ${operation.request} asks s${operation.server} about it`;
    case "cancel":
      return `the buyer of request ${operation.request} gives it back at s${operation.server}`;
    case "pay":
      return `request ${operation.request} is paid at s${operation.server}`;
    case "deliver payment again":
      return `payment ${operation.payment} is delivered again, to s${operation.server}`;
    case "pay for another":
      return `payment ${operation.payment} is used for request ${operation.request} at s${operation.server}`;
    case "deliver":
      return `message ${operation.message} arrives`;
    case "deliver all":
      return "all messages arrive";
    case "lose":
      return `message ${operation.message} is lost`;
    case "duplicate":
      return `message ${operation.message} is doubled`;
    case "refuse":
      return `the counter refuses message ${operation.message} with ${operation.error}`;
    case "pass":
      return `${operation.ms} ms pass`;
    case "pay at the deadline":
      return (
        `request ${operation.request} is paid at s${operation.server}, ` +
        `${operation.offsetMs} ms after its deadline`
      );
    case "crash":
      return `s${operation.server} dies`;
    case "start":
      return `s${operation.server} starts`;
    case "pause":
      return `s${operation.server} is stopped`;
    case "resume":
      return `s${operation.server} goes on`;
    case "drain":
      return `s${operation.server} drains`;
    case "sweep":
      return "a sweep runs";
    case "record":
      return `a worker records events${operation.dies ? " and dies before it acknowledges" : ""}`;
    case "resize":
      return `the sale is resized by ${operation.by}`;
    case "refund":
      return `what payment ${operation.payment} bought is taken back`;
  }
}
