"""Who signs a document, who has signed it, and who may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.messages import N_
from engine.steps import ON_BEHALF, ROLE, has_signed

Row = Mapping[str, Any]
Titles = list[tuple[str, str]]
"""(name and office, login or empty) of each signer."""

STEP = "step"
"""Kind of a signature that completing a task gave."""
PADES = "pades"
"""Kind of a signature with a key."""

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
    """Name and office, as the document names them; empty where it names only the role."""
    login: str
    """Whose place it is; empty for a role, and for somebody who cannot sign in here and signs on paper."""
    must: bool
    """Whether a guard may wait for this signature."""
    signature: Row | None
    role: str = ""
    """The role that whoever signs here acts in, where the document waits for a role."""
    holders: frozenset[str] = frozenset()
    """Logins of those who hold that role and can sign in here."""

    @property
    def office(self) -> str:
        """What stands after the name."""
        return self.title.partition(",")[2].strip()

    def is_of(self, login: str) -> bool:
        """Whether the person may sign here."""
        return bool(login) and (login == self.login or login in self.holders)


def places(
    document: Row,
    signatures: Sequence[Row],
    people: Iterable[Row],
    holders: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Place]:
    """Return the places for signatures under a document, in the order of its signers.

    `document` has `signers` (names with offices) and `must_sign` (logins and roles), both lists; `signatures` are those
    under it, `people` have `login` and `name`, `holders` are the logins of each role that it waits for. A signer
    without a login is found by the name, if one person alone bears it. The place of a role is the signer who holds it,
    else the first one whom nobody here knows.
    """
    logins = [str(entry) for entry in document["must_sign"] if not str(entry).startswith(ROLE)]
    roles = [str(entry).removeprefix(ROLE) for entry in document["must_sign"] if str(entry).startswith(ROLE)]
    titles, name_of = _titles(document["signers"], list(people), logins)
    of_role = _of_roles(roles, titles, logins, holders)
    found: dict[str, Place] = {}
    for title, login in titles:
        role = of_role.get(title, "")
        key = f"{ROLE}{role}" if role else login or title
        found[key] = _place(title, "" if role else login, role, holders, signatures, must=bool(role) or login in logins)
    for login in logins:
        if login not in found:
            found[login] = _place(name_of.get(login, login), login, "", holders, signatures, must=True)
    for role in roles:
        if role not in of_role.values():
            found[f"{ROLE}{role}"] = _place("", "", role, holders, signatures, must=True)
    return [*found.values(), *_besides(found.values(), signatures)]


def place_for(found: Iterable[Place], login: str, *, with_key: bool = False) -> Place | None:
    """Return the place that is still open for a person, None if there is none.

    With a key a person may also sign where they signed by completing a task.
    """
    mine = [place for place in found if place.is_of(login)]
    for place in mine:
        if place.signature is None:
            return place
    if not with_key:
        return None
    signed = ((place, place.signature) for place in mine)
    return next((place for place, one in signed if one and one["kind"] == STEP and one["login"] == login), None)


def standing(found: Iterable[Place], login: str, role: str, via: str) -> Place | None:
    """Return the place where a signature that somebody gives in a role will stand, None if none is meant for it."""
    every = list(found)
    by_role = (place for place in every if place.role and place.role == role)
    by_login = (place for place in every if place.login == login and via != ON_BEHALF)
    return next(by_role, None) or next(by_login, None)


def _titles(signers: Sequence[str], people: Sequence[Row], logins: Sequence[str]) -> tuple[Titles, dict[str, str]]:
    bearers = Counter(row["name"] for row in people)
    login_of = {row["name"]: row["login"] for row in people if bearers[row["name"]] == 1}
    name_of = {row["login"]: row["name"] for row in people}
    by_name = {name_of.get(login, login): login for login in logins}
    names = [(title, title.partition(",")[0].strip()) for title in signers]
    return [(title, by_name.get(name) or login_of.get(name, "")) for title, name in names], name_of


def _of_roles(
    roles: Sequence[str], titles: Titles, logins: Sequence[str], holders: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return which signer stands for which role: title -> role."""
    found: dict[str, str] = {}
    for role in roles:
        free = [(title, login) for title, login in titles if title not in found and login not in logins]
        held = (title for title, login in free if login and login in holders.get(role, ()))
        unknown = (title for title, login in free if not login)
        title = next(held, None) or next(unknown, None)
        if title is not None:
            found[title] = role
    return found


def _place(
    title: str,
    login: str,
    role: str,
    holders: Mapping[str, Sequence[str]],
    signatures: Sequence[Row],
    *,
    must: bool,
) -> Place:
    wanted = f"{ROLE}{role}" if role else login
    given = [one for one in signatures if wanted and has_signed(wanted, one)]
    best = max(given, key=lambda one: bool(one["kind"] == PADES), default=None)
    held = frozenset(holders.get(role, ())) if role else frozenset()
    return Place(title=title, login=login, must=must, signature=best, role=role, holders=held)


def _besides(found: Iterable[Place], signatures: Sequence[Row]) -> list[Place]:
    """Return places for the signatures of those whom the document does not name."""
    wanted = [f"{ROLE}{place.role}" if place.role else place.login for place in found]
    rest = [one for one in signatures if not any(entry and has_signed(entry, one) for entry in wanted)]
    return [Place(title=one["name"], login=one["login"], must=False, signature=one, role=one["role"]) for one in rest]
