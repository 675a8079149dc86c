/**
 * Answers as HTTP: the status and the JSON body of everything that a buyer can be told. Bodies are
 * put together from constant text and the id, which needs no escaping; `code` and the `msg` of ACK
 * and SOLDOUT are the published demo's.
 */
import type { Answer, CancelAnswer, PaymentAnswer } from "../../core/answers.ts";
import type { AnswerEffect } from "./driver.ts";

export type AnswerName = Answer | PaymentAnswer | CancelAnswer;

interface Form {
  readonly status: 200 | 202 | 503;
  /** The body up to the id, by bytes. */
  readonly head: string;
}

function form(status: Form["status"], code: 1 | 0 | -1, msg: string, result: string): Form {
  return { status, head: bytesOf(`{"code":${code},"msg":"${msg}","result":"${result}","id":"`) };
}

/**
 * The text in UTF-8, each byte one character. Such a string has as many bytes as characters, and
 * Node sends it as it stands; one with Chinese in it would be encoded anew for every answer.
 */
export function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

const FORMS: Readonly<Record<AnswerName, Form>> = {
  ACK: form(200, 1, "抢票成功", "ACK"),
  SOLDOUT: form(200, -1, "已售罄", "SOLDOUT"),
  USERLIMIT: form(200, -1, "超过限购数量", "USERLIMIT"),
  TRYAGAIN: form(503, 0, "请稍后再试", "TRYAGAIN"),
  UNKNOWN: form(202, 0, "结果待查询", "UNKNOWN"),
  PAID: form(200, 1, "支付成功", "PAID"),
  REFUND: form(200, -1, "支付将退款", "REFUND"),
  PAYMENTCONFLICT: form(200, -1, "支付单号已用于其他订单", "PAYMENTCONFLICT"),
  CANCELLED: form(200, 1, "已取消", "CANCELLED"),
  CONFIRMED: form(200, -1, "已支付，不能取消", "CONFIRMED"),
};

export interface HttpAnswer {
  readonly status: number;
  /** By bytes: see `bytesOf`. */
  readonly body: string;
  /** Beyond those that every answer has: alternating names and values. */
  readonly headers: readonly string[];
}

const NO_HEADERS: readonly string[] = [];
/** In seconds. What stands in the way now is a call of some hundred milliseconds. */
const RETRY_AFTER: readonly string[] = ["Retry-After", "1"];

/** An answer about the reservation `id`; `more`: further fields of the body, each after a comma. */
export function httpAnswer(answer: AnswerName, id: string, more = ""): HttpAnswer {
  const { status, head } = FORMS[answer];
  return {
    status,
    body: `${head}${id}"${more}}`,
    headers:
      status === 200
        ? NO_HEADERS
        : status === 503
          ? RETRY_AFTER
          : ["Location", `/orders/${encodeURIComponent(id)}`],
  };
}

/** What an effect of the engine tells about the reservation `id`. */
export function answerOf(effect: AnswerEffect, id: string): HttpAnswer {
  if (effect.type !== "answer") return httpAnswer(effect.answer, id);
  switch (effect.answer) {
    case "ACK": {
      const { claim, deadlineMs, paid } = effect;
      return httpAnswer("ACK", id, `,"claim":"${claim}","deadlineMs":${deadlineMs},"paid":${paid}`);
    }
    case "TRYAGAIN":
      return httpAnswer("TRYAGAIN", id, `,"reason":"${effect.reason}"`);
    default:
      return httpAnswer(effect.answer, id);
  }
}

/** A request that is wrong in itself, or that nothing here answers. */
export function httpError(status: number, result: string, message: string): HttpAnswer {
  const body = bytesOf(JSON.stringify({ code: -1, msg: message, result }));
  return { status, body, headers: NO_HEADERS };
}
