/** A request that is wrong in itself: it is answered with its status and costs no stock. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly status: 400 | 404 | 413;

  constructor(message: string, status: 400 | 404 | 413 = 400) {
    super(message);
    this.status = status;
  }
}
