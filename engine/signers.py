"""Who signs a document, who has signed it, and who may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.messages import N_

Row = Mapping[str, Any]

NOT_A_SIGNER = N_("Вас нет среди тех, кто подписывает этот документ. Попросите подписать того, кто в нём назван.")
SIGNED_ALREADY = N_("Вы уже подписали этот документ.")
MEANWHILE = N_("Документ как раз подписывают другие. Повторите через минуту.")
KEY_REFUSED = {
    "unreadable": N_("Ключ не открылся: проверьте, тот ли это файл PKCS#12 и та ли парольная фраза."),
    "expired": N_("Срок сертификата этого ключа истёк. Подпишите действующим ключом."),
    "early": N_("Сертификат этого ключа ещё не действует. Подпишите действующим ключом."),
    "weak": N_("Ключ слишком слаб: нужен RSA не короче 2048 бит или ключ на эллиптической кривой."),
}
"""Code of a key that could not be used -> why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place for one signature under a document."""

    title: str
    """Name and office, as the document names them."""
    login: str
    """Whose place it is; empty for somebody who cannot sign in here and signs on paper."""
    must: bool
    """Whether a guard may wait for this signature."""
    signature: Row | None

    @property
    def office(self) -> str:
        """What stands after the name."""
        return self.title.partition(",")[2].strip()


def places(document: Row, signatures: Sequence[Row], people: Iterable[Row]) -> list[Place]:
    """Return the places for signatures under a document, in the order of its signers.

    `document` has `signers` (names with offices) and `must_sign` (logins), both lists; `signatures` are those under it,
    `people` have `login` and `name`. A signer without a login is found by the name, if one person alone bears it.
    """
    known = list(people)
    bearers = Counter(row["name"] for row in known)
    login_of = {row["name"]: row["login"] for row in known if bearers[row["name"]] == 1}
    name_of = {row["login"]: row["name"] for row in known}
    signed = {row["login"]: row for row in signatures}
    must = [str(login) for login in document["must_sign"]]
    by_name = {name_of.get(login, login): login for login in must}
    found: dict[str, Place] = {}
    for title in document["signers"]:
        name = title.partition(",")[0].strip()
        login = by_name.get(name) or login_of.get(name, "")
        key = login or title
        found[key] = Place(title=title, login=login, must=login in must, signature=signed.get(login))
    for login in (*must, *signed):
        if login not in found:
            title = signed[login]["name"] if login in signed else name_of.get(login, login)
            found[login] = Place(title=title, login=login, must=login in must, signature=signed.get(login))
    return list(found.values())


def place_for(found: Iterable[Place], login: str) -> Place | None:
    """Return the place that is still open for a person, None if there is none."""
    return next((place for place in found if place.login == login and place.signature is None), None)
