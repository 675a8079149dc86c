/** Makes the committed sample in reports/sample/ again. */
import { main } from "./sample/main.ts";

process.exitCode = await main(process.argv.slice(2));
