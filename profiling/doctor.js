/** What does clinic doctor make of the server?: `npm run profile:doctor -- --scenario broadcast --quick` */
import { launch } from './launch.js';

await launch('cli/main', 'doctor');
