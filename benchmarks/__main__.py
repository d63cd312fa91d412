"""Run every benchmark: ``python -m benchmarks [DATA] [NAME …]``.

DATA is the folder with the marked articles (its ``data/`` and ``tools/score.py``); benchmarks that need it
are told its path and say so when it is not there. NAMEs choose ("quotes" runs ``bench_quotes.py``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run the chosen benchmarks one after the other; return 1 if one failed."""
    data, *names = sys.argv[1:] or ["../shared"]
    here = Path(__file__).parent
    chosen = [path.stem for path in sorted(here.glob("bench_*.py")) if not names or path.stem[6:] in names]
    failed = []
    for name in chosen:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}", data], check=False).returncode:  # noqa: S603 - our own modules
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
