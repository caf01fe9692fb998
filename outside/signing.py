"""Electronic signatures in PDF: a signer puts one in, `checked` says which are there and whether they hold.

The one signer here is PAdES B-B by a key in a PKCS#12 file. Signers by national algorithms and tokens are other
classes with the same method. A key lives in memory for one act: nothing here writes it anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Protocol

from asn1crypto import pem, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError as BadPdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

LARGEST_KEY = 64 * 1024  # bytes of a PKCS#12 file; a usual one has three thousand


class BadKey(Exception):
    """The file holds no key that could sign; `code` says why: `unreadable`, `expired`, `early`, `weak`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a person does when signing."""

    field: str
    """Name of the signature's field, unique in the PDF."""
    name: str
    reason: str


class Signer(Protocol):
    """Somebody's means of signing."""

    @property
    def subject(self) -> str:
        """Whom the certificate names."""

    @property
    def serial(self) -> str:
        """The serial number of the certificate, hex."""

    def sign(self, pdf: bytes, act: Act) -> bytes:
        """Return the PDF with one more signature, all earlier bytes unchanged."""


class Pkcs12Signer:
    """Signs by the key of a PKCS#12 file; raises BadKey if it cannot be opened or must not be used at `at` (aware)."""

    def __init__(self, content: bytes, passphrase: str, *, at: datetime) -> None:
        if len(content) > LARGEST_KEY:
            raise BadKey("unreadable")
        try:
            self._signer: Any = signers.SimpleSigner.load_pkcs12_data(content, (), passphrase.encode() or None)
            certificate: Any = self._signer.signing_cert
            valid = certificate.not_valid_before, certificate.not_valid_after
        except (ValueError, TypeError, AttributeError, NotImplementedError) as error:
            raise BadKey("unreadable") from error
        if at > valid[1]:
            raise BadKey("expired")
        if at < valid[0]:
            raise BadKey("early")
        if certificate.public_key.algorithm == "rsa" and certificate.public_key.bit_size < 2048:
            raise BadKey("weak")
        self.subject: str = str(certificate.subject.human_friendly)
        self.serial: str = f"{certificate.serial_number:x}"

    def sign(self, pdf: bytes, act: Act) -> bytes:
        """Return the PDF with one more PAdES B-B signature."""
        meta = signers.PdfSignatureMetadata(
            field_name=act.field,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=act.name,
            reason=act.reason,
        )
        signer = signers.PdfSigner(meta, signer=self._signer)
        signed = _apart(lambda: signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))))
        return bytes(signed.getvalue())


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One signature that is in a PDF."""

    field: str
    subject: str
    serial: str
    at: datetime | None
    """When it was made, by the signer's own clock."""
    holds: bool
    """Whether the signed bytes are as they were and the signature is of that certificate's key, and whether nothing
    but further signatures came after it."""
    is_trusted: bool
    """Whether the certificate leads to one of the given roots."""


def checked(pdf: bytes, roots: Sequence[bytes] = ()) -> list[Checked]:
    """Return the signatures of a PDF in their order; `roots` are trusted certificates, PEM or DER.

    A PDF that cannot be read has no signatures.
    """
    anchors = [_certificate(root) for root in roots]
    try:
        found = list(PdfFileReader(BytesIO(pdf)).embedded_regular_signatures)
        return [_checked(one, anchors) for one in found]
    except (BadPdf, ValueError, KeyError, TypeError):
        return []


def _checked(signature: Any, anchors: list[Any]) -> Checked:
    certificate = signature.signer_cert
    context = ValidationContext(trust_roots=anchors, allow_fetching=False)
    try:
        status = _apart(lambda: validate_pdf_signature(signature, context))
        holds = bool(status.intact and status.valid and status.docmdp_ok)
        is_trusted = bool(status.trusted)
        at = status.signer_reported_dt
    except (SignatureValidationError, BadPdf, ValueError):
        holds, is_trusted, at = False, False, None
    return Checked(
        field=str(signature.field_name),
        subject=str(certificate.subject.human_friendly),
        serial=f"{certificate.serial_number:x}",
        at=at,
        holds=holds,
        is_trusted=is_trusted,
    )


def _apart(work: Callable[[], Any]) -> Any:
    """Do the work in a thread of its own: pyhanko runs an event loop, and the caller's thread may have one already."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def _certificate(content: bytes) -> Any:
    """Return a certificate; raises ValueError for anything else."""
    if pem.detect(content):
        _kind, _headers, content = pem.unarmor(content)
    return x509.Certificate.load(content)
