"""Who can be reached by e-mail: the addresses in what people wrote as addressee.

An addressee is a name with a postal address as often as an e-mail address; only what is certainly an address is taken.
"""

from __future__ import annotations

import re

_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?<![\w.@+-])({_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+)(?![\w@-])")
LONGEST = 254  # RFC 5321, 4.5.3.1.3


def emails(text: str) -> tuple[str, ...]:
    """Return the e-mail addresses in an addressee, each once, in their order; none for a postal address.

    >>> emails("ТОО «Байтерек», info@baiterek.example"), emails("г. Астана, ул. Сарыарка, 1"), emails("head")
    (('info@baiterek.example',), (), ())
    >>> emails("Асель <a.t@x.example>; b@y.example, a.t@x.example")
    ('a.t@x.example', 'b@y.example')
    """
    found = (address for address in _ADDRESS.findall(text) if len(address) <= LONGEST)
    return tuple(dict.fromkeys(found))
