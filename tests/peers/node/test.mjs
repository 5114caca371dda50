// All tests of the peer. Nothing in them waits for time to pass: what must come is awaited with a
// deadline, and what must not come is proved absent by a round trip made after it would have been
// sent.

import './tests/contract.mjs';
import './tests/tokens.mjs';
import './tests/lies.mjs';
import './tests/process.mjs';
import './tests/options.mjs';
import './tests/internal.mjs';
import './tests/admin.mjs';
import './tests/nodes.mjs';
import './tests/loss.mjs';
