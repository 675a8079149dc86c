/** All machines and people of the simulated world, wired to each other. */
import { Buyers } from "./buyers.ts";
import { Calls } from "./calls.ts";
import { Closing } from "./closing.ts";
import { FrontDoor } from "./front-door.ts";
import { Nemesis } from "./nemesis.ts";
import { Database } from "./order-database.ts";
import { OrderWorkers } from "./order-workers.ts";
import { Payments } from "./payments.ts";
import { Proxies } from "./proxies.ts";
import { Redis } from "./redis.ts";
import { OWNER_BUYER, Requests } from "./requests.ts";
import { StockRecorder } from "./stock-recorder.ts";
import { TicketServers } from "./ticket-servers.ts";
import { TrafficRecorder } from "./traffic.ts";
import type { World } from "./world.ts";

/** Tickets as the authority counts them. */
export interface Stock {
  readonly held: number;
  readonly confirmed: number;
  readonly free: number;
  /** Held without a deadline: nothing will ever take them back. */
  readonly hoarded: number;
}

export class Machines {
  readonly world: World;
  readonly requests = new Requests();
  readonly redis: Redis;
  readonly database: Database;
  readonly frontDoor: FrontDoor;
  readonly proxies: Proxies;
  readonly servers: TicketServers;
  readonly workers: OrderWorkers;
  readonly buyers: Buyers;
  readonly payments: Payments;
  readonly nemesis: Nemesis;
  readonly closing: Closing;
  readonly stockOverTime = new StockRecorder();
  readonly traffic: TrafficRecorder;
  /** When all tickets were taken for the first time. */
  soldOutNs: number | null = null;
  #stockBeforePass: Stock = { held: 0, confirmed: 0, free: 0, hoarded: 0 };

  constructor(world: World) {
    this.world = world;
    const { requests } = this;
    const calls = new Calls();
    this.redis = new Redis(world, calls);
    this.database = new Database(world, calls);
    this.frontDoor = new FrontDoor(world, requests);
    this.proxies = new Proxies(world, requests, this.frontDoor);
    this.payments = new Payments(world, requests, this.frontDoor, this.redis);
    this.buyers = new Buyers(world, requests, this.frontDoor, this.redis, this.payments);
    this.servers = new TicketServers(world, requests, this.redis, this.database);
    this.workers = new OrderWorkers(world, this.redis, this.database);
    this.closing = new Closing(world, requests, this.servers);
    this.nemesis = new Nemesis(world, this);
    this.traffic = new TrafficRecorder(this);
    this.traffic.look(0);
    this.#wire();
  }

  /** Answers flow back against the order in which the layers were built. */
  #wire(): void {
    const { world, buyers, payments, requests, nemesis } = this;
    this.proxies.servers = this.servers;
    this.servers.proxies = this.proxies;
    this.servers.direct = this.closing;
    const repliesLost = world.random.stream("buyer-replies");
    let replies = 0;
    this.proxies.outside = {
      answered: (request, atNs) => {
        if (requests.owner[request] !== OWNER_BUYER) {
          payments.answered(request);
          return;
        }
        replies += 1;
        const { buyerRepliesLost } = nemesis;
        if (buyerRepliesLost > 0 && repliesLost.chance(replies, buyerRepliesLost))
          buyers.lost(request);
        else buyers.answered(request, atNs);
      },
      lost: (request) => {
        if (requests.owner[request] === OWNER_BUYER) buyers.lost(request);
        else payments.lost(request);
      },
    };
    const stockChanged = (): void => {
      const { held, confirmed } = this.stock();
      this.stockOverTime.changed(world.nowNs, held, confirmed);
    };
    const watchSellOut = (): void => {
      // What probes buy is no sale.
      if (this.soldOutNs !== null || this.closing.isProbing) return;
      const { held, confirmed } = this.stock();
      if (held + confirmed >= world.scenario.sale.tickets) this.soldOutNs = world.nowNs;
    };
    this.redis.onStock = stockChanged;
    this.redis.onPassEnd = watchSellOut;
    this.redis.onPass = () => (this.#stockBeforePass = this.stock());
    this.database.onStock = () => {
      stockChanged();
      if (world.strategy.authority !== "counter") watchSellOut();
    };
    this.database.onRefund = (paymentId) =>
      world.judge.charges.refunded(paymentId, false, world.nowMs);
  }

  /** Everything starts, and the sale opens. */
  open(): void {
    this.redis.openSale();
    this.servers.startAll();
    this.workers.startAll();
    this.frontDoor.changed();
  }

  stock(): Stock {
    const { judge, strategy } = this.world;
    if (strategy.authority === "counter") {
      const { held, confirmed, free } = judge.rows;
      // A hold leaves with its deadline: that one is in the counter is an audit's business.
      return { held, confirmed, free, hoarded: 0 };
    }
    const { book } = this.database;
    const held = book.sold - book.confirmed;
    return { held, confirmed: book.confirmed, free: book.total - book.sold, hoarded: held };
  }

  /**
   * The stock without what the pass under way takes or gives back: the simulator runs all calls of a
   * pass when it begins, and their time passes afterwards.
   */
  settledStock(): Stock {
    const { authority } = this.world.strategy;
    return authority === "counter" && this.redis.isInPass ? this.#stockBeforePass : this.stock();
  }

  /** Events that the order workers have not finished with. */
  outboxBacklog(): number {
    const { outbox } = this.world.strategy.counter;
    return outbox === null ? 0 : outbox.backlog(this.redis.state);
  }
}
