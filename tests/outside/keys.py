"""Keys and certificates that tests sign with, made anew in each run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSPHRASE = "ключ для проверки"
YEAR = timedelta(days=365)


class Authority:
    """A test root that issues certificates."""

    def __init__(self, name: str = "Test root") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        builder = _builder(self._name, self._name, self._key.public_key(), datetime.now(UTC) - YEAR)
        usage = _usage(key_cert_sign=True, crl_sign=True)
        self._root = (
            builder.add_extension(constraints, critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def root(self) -> bytes:
        """The certificate of the root, PEM."""
        return self._root.public_bytes(Encoding.PEM)

    def key_of(self, name: str, *, begins: datetime | None = None) -> bytes:
        """Return a PKCS#12 file with a key of this person, valid for three years from `begins`."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name), self._name, key.public_key(), begins or datetime.now(UTC) - YEAR)
        usage = _usage(digital_signature=True, content_commitment=True)
        certificate = builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        encryption = BestAvailableEncryption(PASSPHRASE.encode())
        return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, [self._root], encryption)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + 3 * YEAR)
    )


def _usage(**granted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: granted.get(name, False) for name in names})
