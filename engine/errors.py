"""How the engine says no to a person: one class a reason, each with the code that scripts and pages know.

A template is a Russian sentence with named places; whoever shows it translates it first and fills in the facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.messages import N_


class EngineError(Exception):
    """The engine did not do what was asked; nothing was changed."""

    code = "error"
    template = N_("Действие не выполнено.")

    def __init__(self, template: str | None = None, **facts: Any) -> None:
        self.template = template or type(self).template
        self.facts = facts
        super().__init__(self.template.format(**facts) if facts else self.template)


class NotFound(EngineError):
    """There is no such case, task, process or person."""

    code = "not_found"
    template = N_("Не найдено: {what}. Проверьте ссылку или воспользуйтесь поиском.")


class Stale(EngineError):
    """The task is no longer open, or the page was loaded before the case moved on."""

    code = "stale"
    template = N_("Задача «{task}» уже выполнена: {by}, {at}. Обновите страницу, чтобы увидеть, что ждёт теперь.")


class NotReady(EngineError):
    """The case is closed or waits for an operator."""

    code = "not_ready"
    template = N_("Дело {number} сейчас не принимает действий: {why}.")


class NotYours(EngineError):
    """The person does not hold the role of the task."""

    code = "role"
    template = N_("Задачу «{task}» выполняет {role}. У вас этой роли нет; передайте задачу тому, у кого она есть.")


class MayNotStart(EngineError):
    """The person does not hold the role in whose lane the process begins."""

    code = "role"
    template = N_("Дело «{process}» начинает {role}. У вас этой роли нет; попросите того, у кого она есть.")


class Excluded(EngineError):
    """Separation of duties: the person has a part in this case that rules the task out."""

    code = "independence"
    template = N_(
        "Вы не можете выполнить задачу «{task}»: в этом деле вы входите в группу «{group}». "
        "Её выполнит другой сотрудник."
    )


class Taken(EngineError):
    """Somebody else has the task."""

    code = "taken"
    template = N_("Задачу «{task}» уже взял(а) {by}. Попросите передать её вам.")


class Personal(EngineError):
    """Nobody else may take the task of this person: a ballot, a declaration, a signature."""

    code = "personal"
    template = N_("Задача «{task}» личная: назначить в ней другого нельзя.")


class MayNotAppoint(EngineError):
    """The person holds no role that appoints somebody in place of another."""

    code = "role"
    template = N_("Назначить другого на задачу «{task}» могут только руководители органа. Попросите их.")


class NotOfTheGroup(EngineError):
    """Whoever takes the task must belong to the case already, and be somebody else."""

    code = "not_of_the_group"
    template = N_("{who} не может заменить: выберите другого участника группы {groups} этого дела.")


class ReasonMissing(EngineError):
    """Somebody is replaced without a word why."""

    code = "reason_missing"
    template = N_("Напишите, почему на задачу «{task}» назначен другой: причина останется в истории дела.")


class LinkClosed(EngineError):
    """The personal link is over: withdrawn, or past its last day."""

    code = "link"
    template = N_("Эта личная ссылка больше не действует. Попросите орган по сертификации прислать новую.")


class NotPrinted(EngineError):
    """A template does not fit the document that is to be printed with it."""

    code = "not_printed"
    template = N_("Документ {number} не составлен: {why} ({file}, строка {line}). Исправьте шаблон и повторите.")


class RuleRefused(EngineError):
    """A rule of the procedure refuses these values; `code` is the rule's own."""

    def __init__(self, code: str, template: str, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(template, **facts)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field of a form."""

    path: tuple[str | int, ...]
    """Where: field name, or table name, row number from 0, column name."""
    rule: str
    """The word of JSON Schema that was broken (`required`, `minimum`, ...)."""
    template: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The sentence in Russian."""
        return self.template.format(**self.facts) if self.facts else self.template


class InvalidForm(EngineError):
    """The values do not fit the form; `errors` has one entry for each field."""

    code = "invalid"
    template = N_("Исправьте отмеченные поля: {count}.")

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(count=len(errors))
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "; ".join(f"{'.'.join(map(str, error.path))}: {error.message}" for error in self.errors)


class BadDiagram(EngineError):
    """A set of diagrams cannot be published or run."""

    code = "bad_diagram"
    template = N_("Схемы не опубликованы, проверка нашла ошибки: {count}.")


class EngineFault(Exception):
    """The library under the engine did something it must not; the case stops as an incident."""
