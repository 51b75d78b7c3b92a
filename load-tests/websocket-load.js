// Without a script of its own, load:k6 takes matches.
import('./k6.js');
